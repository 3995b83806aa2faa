using System.Runtime.ExceptionServices;
using FailoverLab.Hosts;
using FailoverLab.Restoration;

namespace FailoverLab.Cli;

/// <summary>The end of a run, however it came about: every place is given back, and a lab that is not as it was found wins over every other outcome.</summary>
internal static class RunEnding
{
    /// <summary>Runs, and ends all places.</summary>
    /// <param name="run">The run; may fail in any way.</param>
    /// <param name="places">Its places, as far as it has come.</param>
    /// <param name="error">Takes what has to be seen to by hand.</param>
    /// <returns>The run's exit code, or <see cref="ExitCode.NotRestored"/>.</returns>
    public static async Task<ExitCode> OfAsync(Func<Task<ExitCode>> run, IReadOnlyList<IStepHost> places, TextWriter error)
    {
        var code = ExitCode.Bug;
        var bug = await CaughtAsync(async () => code = await run());

        // The links first, and nobody waits for another: what is fetched from a host may take minutes, while the lab is not as it was found.
        var ends = await Task.WhenAll(places.OrderBy(p => p is not GuardedLinks).Select(p => CaughtAsync(async () => await p.DisposeAsync())));
        bug ??= ends.FirstOrDefault(e => e is not null);

        var left = places.OfType<GuardedLinks>().SelectMany(LeftOf).ToList();
        if (left.Count == 0)
        {
            bug?.Throw();
            return code;
        }

        if (bug is not null)
        {
            await error.WriteLineAsync($"error: the run ended by a fault: {TerminalText.Clean(bug.SourceException.Message)}");
        }

        await error.WriteLineAsync("error: the lab is NOT as it was found; `recover` tries again, or by hand:");
        foreach (var line in left)
        {
            await error.WriteLineAsync(TerminalText.Clean(line));
        }

        return ExitCode.NotRestored;
    }

    /// <summary>A place that could not even try says nothing itself.</summary>
    private static IReadOnlyList<string> LeftOf(GuardedLinks place) =>
        place.Outcome?.Left ?? [$"nothing could be tried on {string.Join(", ", place.Hosts)}; each undoes by itself when its lease is over, and the run's journal says what was changed"];

    private static async Task<ExceptionDispatchInfo?> CaughtAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
#pragma warning disable CA1031 // Whatever it was, the lab comes first; it is thrown again afterwards.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return ExceptionDispatchInfo.Capture(failure);
        }
    }
}

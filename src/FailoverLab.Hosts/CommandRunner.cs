using System.Diagnostics;
using FailoverLab.Dataplane;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>Commands that steps run; each has a timeout, logs of its own, and is reported when it ends.</summary>
public sealed class CommandRunner : IDisposable
{
    /// <summary>A shell that runs its argument when a second line has come; the first proves that it is there, and that the way to it is warm.</summary>
    internal const string HeldScript = "FL=$1; shift; IFS= read -r g && IFS= read -r g || exit 125; exec </dev/null; eval \"$FL\"";

    private readonly Dictionary<(string Host, string Step), Held> _held = [];
    private readonly List<(Process Process, Task Ended)> _running = [];
    private readonly string _runDirectory;
    private readonly Action<RunEvent> _report;
    private readonly IClock _clock;
    private readonly Func<string, ProcessStartInfo, Process> _start;

    /// <summary>Makes the runner.</summary>
    /// <param name="runDirectory">Absolute path of the run directory; commands start in it, logs go below it.</param>
    /// <param name="report">Takes one event per ended command; from any thread.</param>
    /// <param name="clock">Stamps them.</param>
    /// <param name="start">Starts a process on a host; throws <see cref="StepFailedException"/> when it cannot.</param>
    public CommandRunner(string runDirectory, Action<RunEvent> report, IClock clock, Func<string, ProcessStartInfo, Process> start)
    {
        _runDirectory = runDirectory;
        _report = report;
        _clock = clock;
        _start = start;
    }

    /// <summary>
    /// Starts a step's shell and holds it back at a gate: starting a process takes milliseconds, opening a gate some microseconds, and steps of one instant are
    /// opened one after another. A shell that cannot be started is told of when its step starts.
    /// </summary>
    public void Arm(StepPlan step, RunCommand command)
    {
        Directory.CreateDirectory(Path.Combine(_runDirectory, "logs", step.Host));
        var start = new ProcessStartInfo("/bin/sh", ["-c", HeldScript, "sh", command.Shell])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _runDirectory,
        };
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            var held = new Held(_start(step.Host, start), null);
            _held[(step.Host, step.Name)] = held;
            held.Tell();
        }
        catch (StepFailedException refusal)
        {
            _held[(step.Host, step.Name)] = new Held(null, refusal);
        }
    }

    /// <summary>Opens the gate of a command that was armed, and returns.</summary>
    /// <exception cref="StepFailedException">It could not be started.</exception>
    public void Start(StepPlan step, RunCommand command)
    {
        if (!_held.Remove((step.Host, step.Name), out var held))
        {
            throw new StepFailedException("the command was not armed");
        }

        var process = held.Process ?? throw held.Refusal!;
        held.Tell();

        // Whoever waits for the instant opens the next gate now; logs and timers are another's work.
        _running.Add((process, Task.Run(() => FollowAsync(process, step, command, Path.Combine(_runDirectory, "logs", step.Host, step.Name)))));
    }

    /// <summary>Kills what still runs, with its children, and what waits at its gate.</summary>
    public void Dispose()
    {
        foreach (var process in _held.Values.Select(h => h.Process).OfType<Process>())
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        _held.Clear();
        foreach (var (process, ended) in _running)
        {
            if (!ended.IsCompleted)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        Task.WaitAll([.. _running.Select(r => r.Ended)], TimeSpan.FromSeconds(1));
        _running.Clear();
    }

    private async Task FollowAsync(Process process, StepPlan step, RunCommand command, string logPrefix)
    {
        var output = CopyAsync(process.StandardOutput.BaseStream, logPrefix + ".out");
        var error = CopyAsync(process.StandardError.BaseStream, logPrefix + ".err");
        var text = "command ended";
        using var timeout = new CancellationTokenSource(command.Timeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            text = $"command killed after its timeout of {command.Timeout.TotalSeconds:0.###} s";
        }

        await Task.WhenAll(output, error);
        _report(new RunEvent
        {
            AtNs = _clock.RealtimeNs,
            Kind = process.ExitCode == 0 ? RunEventKind.Step : RunEventKind.Fault,
            Host = step.Host,
            Step = step.Name,
            Text = process.ExitCode == 0 ? text : $"{text} with status {process.ExitCode}; see logs/{step.Host}/{step.Name}.err",
            ExitStatus = process.ExitCode,
        });
    }

    private static async Task CopyAsync(Stream from, string file)
    {
        await using var log = File.Create(file);
        await from.CopyToAsync(log);
    }

    /// <summary>A shell at its gate, or why there is none.</summary>
    private sealed record Held(Process? Process, StepFailedException? Refusal)
    {
        /// <summary>One line. A shell that was killed before tells by its end.</summary>
        public void Tell()
        {
            try
            {
                Process!.StandardInput.BaseStream.Write("go\n"u8);
                Process.StandardInput.BaseStream.Flush();
            }
            catch (IOException)
            {
                // See above.
            }
        }
    }
}

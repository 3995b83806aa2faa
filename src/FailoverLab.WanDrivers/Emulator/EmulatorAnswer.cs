using System.Text.Json;
using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>An answer of <c>wan tell</c>: one line of JSON, written on another machine.</summary>
internal static class EmulatorAnswer
{
    private const int LongestQuote = 200;

    /// <summary>Reads the answer to a change.</summary>
    /// <param name="result">What came of the call.</param>
    /// <param name="what">What was asked of whom, for messages.</param>
    /// <exception cref="StepFailedException">It refused, with why; or it answered nothing, or something else.</exception>
    public static EmulatorChange Change(ShellResult result, string what) => Read(result, what, Change);

    /// <summary>Reads the answer to <c>status</c>.</summary>
    /// <inheritdoc cref="Change(ShellResult, string)"/>
    public static EmulatorStatus Status(ShellResult result, string what) => Read(result, what, answer =>
    {
        var link = answer.GetProperty("links").EnumerateArray().First();
        return new EmulatorStatus
        {
            IsRunning = link.GetProperty("running").GetBoolean(),
            Failure = Word(link, "failure"),
            UpAsked = Word(link, "upAsked") ?? "",
            DownAsked = Word(link, "downAsked") ?? "",
            Differences = [.. new[] { Word(link, "upDiffers"), Word(link, "downDiffers") }.OfType<string>()],
            Changes = [.. answer.GetProperty("changes").EnumerateArray().Select(Change)],
        };
    });

    private static EmulatorChange Change(JsonElement change)
    {
        long? effectNs = null, acknowledgedNs = null;
        if (change.TryGetProperty("made", out var made))
        {
            var first = made.EnumerateArray().First();
            (effectNs, acknowledgedNs) = (first.GetProperty("effectNs").GetInt64(), first.GetProperty("acknowledgedNs").GetInt64());
        }

        return new EmulatorChange(change.GetProperty("change").GetInt32(), effectNs, acknowledgedNs, Word(change, "failure"));
    }

    private static string? Word(JsonElement of, string key) => of.TryGetProperty(key, out var value) ? value.GetString() : null;

    private static T Read<T>(ShellResult result, string what, Func<JsonElement, T> take)
    {
        try
        {
            using var document = JsonDocument.Parse(result.Output.Trim());
            var answer = document.RootElement;
            return Refusal(answer) is { } refusal ? throw new StepFailedException($"{what}: {refusal}") : take(answer);
        }
        catch (JsonException)
        {
            throw new StepFailedException($"{what}: {Complaint.Of(result)}");
        }
        catch (Exception odd) when (odd is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new StepFailedException($"{what} answered something else than it was asked: {result.Output.Trim()[..Math.Min(LongestQuote, result.Output.Trim().Length)]}", odd);
        }
    }

    private static string? Refusal(JsonElement answer) => answer.TryGetProperty("errors", out var errors)
        ? string.Join("; ", errors.EnumerateArray().Select(e => e.GetString()))
        : Word(answer, "failure");
}

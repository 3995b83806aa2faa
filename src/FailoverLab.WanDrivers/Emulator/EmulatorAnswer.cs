using System.Text.Json;
using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>An answer of <c>wan tell</c>: one line of JSON.</summary>
internal static class EmulatorAnswer
{
    /// <summary>Reads what was printed.</summary>
    /// <param name="result">What came of the call.</param>
    /// <param name="what">What was asked of whom, for messages.</param>
    /// <exception cref="StepFailedException">It refused, with why; or it answered nothing.</exception>
    public static JsonElement Read(ShellResult result, string what)
    {
        if (TryParse(result.Output) is not { } answer)
        {
            throw new StepFailedException($"{what}: {Complaint.Of(result)}");
        }

        if (answer.TryGetProperty("errors", out var errors))
        {
            throw new StepFailedException($"{what}: {string.Join("; ", errors.EnumerateArray().Select(e => e.GetString()))}");
        }

        return answer.TryGetProperty("failure", out var failure) ? throw new StepFailedException($"{what}: {failure.GetString()}") : answer;
    }

    /// <summary>When a change took effect and was known to be in effect, host clock; <see langword="null"/> while it was not made.</summary>
    /// <param name="change">A change as the answer to its line, or <c>status</c>, tells it.</param>
    public static (long EffectNs, long AcknowledgedNs)? Made(JsonElement change) =>
        change.TryGetProperty("made", out var made) && made.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
            ? (first.GetProperty("effectNs").GetInt64(), first.GetProperty("acknowledgedNs").GetInt64())
            : null;

    private static JsonElement? TryParse(string output)
    {
        try
        {
            return JsonDocument.Parse(output.Trim()).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

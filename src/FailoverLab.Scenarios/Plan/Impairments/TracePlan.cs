using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>A trace that drives a link; it begins again at its end.</summary>
/// <param name="File">The file, as an absolute path.</param>
/// <param name="Clock">What its time counts from.</param>
public sealed record TracePlan(string File, TraceClock Clock)
{
    /// <summary>No trace: takes one away.</summary>
    public static TracePlan None { get; } = new("", TraceClock.Start);

    /// <summary>Whether this takes a trace away.</summary>
    [JsonIgnore]
    public bool IsNone => File.Length == 0;
}

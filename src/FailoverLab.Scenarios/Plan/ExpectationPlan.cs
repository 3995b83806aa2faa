using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>One expectation: a metric, its limit, and what it looks at.</summary>
public sealed record ExpectationPlan
{
    /// <summary>Which figure is judged.</summary>
    public required ExpectationMetric Metric { get; init; }

    /// <summary>Largest value allowed, in the metric's unit (ns, packets, ratio, count); absent when there is no upper limit.</summary>
    public double? Max { get; init; }

    /// <summary>Smallest value allowed; absent when there is no lower limit.</summary>
    public double? Min { get; init; }

    /// <summary>Path name expected; only for <see cref="ExpectationMetric.WorkingPath"/>.</summary>
    public string? Is { get; init; }

    /// <summary>Flow name looked at; absent for all flows together (the worst one counts).</summary>
    public string? Flow { get; init; }

    /// <summary>Path name looked at; only for delay metrics.</summary>
    public string? Path { get; init; }

    /// <summary>Start of the window looked at, relative to the run's start; absent for the whole run.</summary>
    public TimeSpan? From { get; init; }

    /// <summary>End of the window; absent for the whole run.</summary>
    public TimeSpan? To { get; init; }

    /// <summary>The expectation as a person would say it.</summary>
    public required string Text { get; init; }

    /// <summary>Where it stands in the file.</summary>
    public required SourcePosition Position { get; init; }
}

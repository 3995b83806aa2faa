namespace FailoverLab.Results;


/// <summary>How one method measured the gauge's cuts.</summary>
public sealed record GaugeMethod
{
    /// <summary><c>outage</c>, <c>faultInstant</c>, or a member of <see cref="FailoverMethods"/> as JSON names it.</summary>
    public required string Name { get; init; }

    /// <summary>Cuts made.</summary>
    public required int Cuts { get; init; }

    /// <summary>Cuts for which the method gave a figure.</summary>
    public required int Found { get; init; }

    /// <summary>Largest bias allowed, ns: the time between two samples of this figure.</summary>
    public required long GoalNs { get; init; }

    /// <summary>Mean of value less truth with its 95 % confidence interval, ns; absent below two figures.</summary>
    public MeasuredTime? BiasNs { get; init; }

    /// <summary>Standard deviation of value less truth, ns; absent below two figures.</summary>
    public long? RepeatabilityNs { get; init; }

    /// <summary>Median width of the reported intervals, ns; absent without figures.</summary>
    public long? WidthNs { get; init; }

    /// <summary>Share of all cuts whose reported interval holds the truth; a cut without a figure counts as one that does not.</summary>
    public required MeasuredShare Coverage { get; init; }

    /// <summary>Whether bias and coverage reach their goals. What fails, but not in the undisturbed cuts alone, is undecided.</summary>
    public required Verdict Verdict { get; init; }
}

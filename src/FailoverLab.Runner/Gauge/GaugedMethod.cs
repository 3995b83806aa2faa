using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>One figure that the gauge can prove: what is true of it.</summary>
/// <param name="Name">As in <see cref="GaugeMethod.Name"/>.</param>
/// <param name="Kind">What the figure tells of a cut.</param>
/// <param name="IsOptional">Whether an analysis need not offer it.</param>
internal sealed record GaugedMethod(string Name, GaugedMethod.Truth Kind, bool IsOptional = false)
{
    public const string Outage = "outage";
    public const string FaultInstant = "faultInstant";

    public enum Truth
    {
        /// <summary>How long the path was dead.</summary>
        Gap,

        /// <summary>How long the receiver went without: the gap, and what the new path takes longer.</summary>
        Silence,

        /// <summary>When the path died.</summary>
        Instant,
    }

    public static IReadOnlyList<GaugedMethod> All { get; } =
    [
        new(Outage, Truth.Silence),
        new("timestampBased", Truth.Gap),
        new("timeBasedLoss", Truth.Silence),
        new("packetLossBased", Truth.Gap),
        new("routeSpecificLossDerived", Truth.Gap),
        new("lossDerived", Truth.Gap),
        new("rateDerivedFirst", Truth.Silence, IsOptional: true),
        new("rateDerivedFull", Truth.Silence, IsOptional: true),
        new(FaultInstant, Truth.Instant),
    ];

    /// <summary>Value less truth, ns.</summary>
    public long ErrorNs(GaugeRun run, MeasuredTime measured) => measured.ValueNs - Kind switch
    {
        Truth.Instant => run.CutNs,
        Truth.Silence => run.GapNs + run.DelayChangeNs,
        _ => run.GapNs,
    };

    /// <summary>
    /// Whether the interval holds the truth. One of the receiver's silence must hold the gap too: it is said to hold the truth whether or
    /// not the longer way is counted as part of it.
    /// </summary>
    public bool Covers(GaugeRun run, MeasuredTime measured) => Kind switch
    {
        Truth.Instant => Holds(measured, run.CutNs),
        Truth.Silence => Holds(measured, run.GapNs) && Holds(measured, run.GapNs + run.DelayChangeNs),
        _ => Holds(measured, run.GapNs),
    };

    private static bool Holds(MeasuredTime measured, long truthNs) => measured.LowNs <= truthNs && truthNs <= measured.HighNs;
}

using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>One figure that the gauge can prove: what is true of it.</summary>
/// <param name="Name">As in <see cref="GaugeMethod.Name"/>.</param>
/// <param name="Kind">What the figure tells of a cut.</param>
/// <param name="BySampling">Whether it counts packets per sampling interval. An analysis need not offer it then.</param>
internal sealed record GaugedMethod(string Name, GaugedMethod.Truth Kind, bool BySampling = false)
{
    /// <summary>Full convergence must hold so long (RFC 6412 section 3.7.5); cuts that follow each other sooner cannot be measured by it.</summary>
    public const long SustainedNs = 5_000_000_000;

    public const string Outage = "outage";
    public const string RateDerivedFull = "rateDerivedFull";
    public const string FaultInstant = "faultInstant";
    private const long SamplingStepNs = 10_000_000;

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
        new("rateDerivedFirst", Truth.Silence, BySampling: true),
        new(RateDerivedFull, Truth.Silence, BySampling: true),
        new(FaultInstant, Truth.Instant),
    ];

    /// <summary>The time between two samples, ns: between two packets, or the shortest sampling interval that holds one (docs/MEASUREMENT.md, section 4).</summary>
    public long SpacingNs(long intervalNs) => BySampling ? (intervalNs + SamplingStepNs - 1) / SamplingStepNs * SamplingStepNs : intervalNs;

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

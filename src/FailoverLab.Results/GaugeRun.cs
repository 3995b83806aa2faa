namespace FailoverLab.Results;


/// <summary>One cut of the gauge: the truth, and what was measured of it.</summary>
public sealed record GaugeRun
{
    /// <summary>First instant that did not pass, ns since the Unix epoch; exact.</summary>
    public required long CutNs { get; init; }

    /// <summary>How long nothing passed, ns; exact.</summary>
    public required long GapNs { get; init; }

    /// <summary>Path before the cut.</summary>
    public required string FromPath { get; init; }

    /// <summary>Path after it.</summary>
    public required string ToPath { get; init; }

    /// <summary>Delay of the path after less that of the path before, ns.</summary>
    public required long DelayChangeNs { get; init; }

    /// <summary>
    /// Longest pause of the machine in the cut's time, or lateness of a packet at an edge of the silence where that is longer, ns: what the gauge
    /// did not mean to do. Absent up to one sending interval.
    /// </summary>
    public long? DisturbedNs { get; init; }

    /// <summary>Figures by method; for <c>faultInstant</c> ns since the Unix epoch. A method that gave none is absent.</summary>
    public required IReadOnlyDictionary<string, MeasuredTime> Measured { get; init; }
}

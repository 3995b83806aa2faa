namespace FailoverLab.Results;


/// <summary>One outage of one flow.</summary>
public sealed record Outage
{
    /// <summary>The flow's id.</summary>
    public required string Flow { get; init; }

    /// <summary>Arrival of the last packet delivered before the gap, ns since the Unix epoch.</summary>
    public required long StartNs { get; init; }

    /// <summary>Arrival of the first packet delivered after the gap; absent when traffic never came back.</summary>
    public long? EndNs { get; init; }

    /// <summary>The silence less one sending interval, ns; to the end of the observation when traffic never came back.</summary>
    public required long DurationNs { get; init; }

    /// <summary>Lower end of the interval that holds the truth, ns.</summary>
    public required long LowNs { get; init; }

    /// <summary>Upper end of the interval that holds the truth, ns; absent when traffic never came back.</summary>
    public long? HighNs { get; init; }

    /// <summary>
    /// How much longer the packet at <see cref="StartNs"/> took than is usual on its path (than a tenth of the 100 deliveries up to it), ns: the silence
    /// is so much shorter. Absent up to one sending interval.
    /// </summary>
    public long? StartLateNs { get; init; }

    /// <summary>The same of the packet at <see cref="EndNs"/> (of the 100 from it on): the silence is so much longer.</summary>
    public long? EndLateNs { get; init; }

    /// <summary>Packets lost in the gap; absent for flows without sequence numbers.</summary>
    public long? Lost { get; init; }

    /// <summary>Whether traffic came back.</summary>
    public required bool Recovered { get; init; }

    /// <summary>Path of the last packet before the gap; absent when unknown.</summary>
    public string? FromPath { get; init; }

    /// <summary>Path of the first packet after the gap; absent when unknown or never recovered.</summary>
    public string? ToPath { get; init; }

    /// <summary>Arrivals around the gap, for the sequence-gap figure; absent in compact documents.</summary>
    public GapDetail? Detail { get; init; }
}

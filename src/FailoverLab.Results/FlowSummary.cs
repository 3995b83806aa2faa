namespace FailoverLab.Results;


/// <summary>One flow in one direction.</summary>
public sealed record FlowSummary
{
    /// <summary>Name of the flow, unique in the document.</summary>
    public required string Id { get; init; }

    /// <summary>What it was recognised as.</summary>
    public required FlowKind Kind { get; init; }

    /// <summary>Name of the sending host; absent when unknown.</summary>
    public string? From { get; init; }

    /// <summary>Name of the receiving host; absent when unknown.</summary>
    public string? To { get; init; }

    /// <summary>Sending interval, ns (median of the sender's capture); absent when it has none.</summary>
    public long? IntervalNs { get; init; }

    /// <summary>Packets sent, counted at the sender; absent without a sender-side capture.</summary>
    public long? Sent { get; init; }

    /// <summary>Distinct packets received.</summary>
    public required long Received { get; init; }

    /// <summary>Packets sent and never received; absent for flows without sequence numbers.</summary>
    public long? Lost { get; init; }

    /// <summary>Second and further copies received.</summary>
    public long? Duplicates { get; init; }

    /// <summary>Packets that arrived after one with a higher sequence number (RFC 4737 Type-P-Reordered).</summary>
    public long? Reordered { get; init; }

    /// <summary>Packets whose one-way delay exceeded the forwarding delay threshold.</summary>
    public long? Late { get; init; }

    /// <summary>One-way delay; absent without stamps at both ends on comparable clocks.</summary>
    public DelaySummary? OneWayDelayNs { get; init; }

    /// <summary>How wrong each one-way delay may be by the clocks of its two ends, ns; absent where one clock stamped both.</summary>
    public long? DelayBoundNs { get; init; }

    /// <summary>Round-trip time: of echo requests to their replies, of TCP data to its first acknowledgement; absent for other flows.</summary>
    public DelaySummary? RoundTripNs { get; init; }

    /// <summary>Bytes on the wire of the packets received, first copies only.</summary>
    public long? Bytes { get; init; }

    /// <summary>TCP segments that carried again what had been seen before; absent for other flows.</summary>
    public long? Retransmissions { get; init; }

    /// <summary>Interarrival jitter (RFC 3550 section 6.4.1) at the end of the flow, ns.</summary>
    public long? JitterNs { get; init; }

    /// <summary>Mean opinion score of the whole flow, 1..4.5.</summary>
    public double? Mos { get; init; }

    /// <summary>What the flow was worth to its users; absent for flows without numbers and beyond the first 64.</summary>
    public QualitySummary? Quality { get; init; }

    /// <summary>Where the flow was seen, in order of its way, and where its lost packets were seen last; absent with fewer than two points.</summary>
    public IReadOnlyList<FlowHop>? Hops { get; init; }

    /// <summary>The flow over time, for figures; absent in compact documents.</summary>
    public FlowSeries? Series { get; init; }
}

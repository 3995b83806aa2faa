namespace FailoverLab.Results;

/// <summary>What the captured packets say of a host's clock, beside the exchange over its channel: none arrives before it left.</summary>
/// <param name="AtNs">The instant it is said for, ns since the Unix epoch.</param>
/// <param name="OffsetNs">Host clock less reference clock, ns.</param>
/// <param name="LowNs">It was not below this, ns.</param>
/// <param name="HighNs">It was not above this, ns.</param>
/// <param name="Against">The host that packets were exchanged with; the bound of its own clock is part of the interval.</param>
/// <param name="Packets">Packets of both directions.</param>
public sealed record PacketOffset(long AtNs, long OffsetNs, long LowNs, long HighNs, string Against, long Packets)
{
    /// <summary>How much faster the host's clock ran than <see cref="Against"/>'s, parts per million; absent where no constant rate fits.</summary>
    public double? DriftPpm { get; init; }

    /// <summary>Least constant rate that fits, parts per million.</summary>
    public double? DriftLowPpm { get; init; }

    /// <summary>Largest constant rate that fits, parts per million.</summary>
    public double? DriftHighPpm { get; init; }
}

namespace FailoverLab.Results;

/// <summary>The settings of the methods, which RFC 6413 section 7 and RFC 6412 section 3.7.6 ask to report.</summary>
public sealed record MethodParameters
{
    /// <summary>A packet that took longer is late, ns (RFC 6412 section 3.7.6).</summary>
    public required long ForwardingDelayThresholdNs { get; init; }

    /// <summary>Recovery counts as sustained when it held so long, ns (RFC 6412 section 3.7.5).</summary>
    public required long SustainedValidationNs { get; init; }

    /// <summary>A packet not received so long after it was sent is lost, ns (RFC 7680 section 2.1).</summary>
    public required long WaitingTimeNs { get; init; }

    /// <summary>The packet sampling interval of the rate-derived methods, ns; where packets are farther apart a multiple of this, which <see cref="FailoverFlow.SamplingNs"/> states (RFC 6412 section 3.7.3).</summary>
    public required long PacketSamplingNs { get; init; }
}

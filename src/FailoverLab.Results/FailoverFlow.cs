namespace FailoverLab.Results;


/// <summary>One failover as one flow saw it, by the standard methods.</summary>
/// <param name="Flow">The flow's id.</param>
/// <param name="Methods">Figures by method.</param>
public sealed record FailoverFlow(string Flow, FailoverMethods Methods)
{
    /// <summary>Packets of this flow lost between the last on the old path and the first on the new one.</summary>
    public long? Lost { get; init; }

    /// <summary>Packet sampling interval of the rate-derived figures, ns (RFC 6413 section 7); absent without them.</summary>
    public long? SamplingNs { get; init; }

    /// <summary>How long the full rate was seen to hold, ns, at most the sustained validation time, below which it is not validated; absent without <see cref="FailoverMethods.RateDerivedFull"/>.</summary>
    public long? HeldNs { get; init; }
}

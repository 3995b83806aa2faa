namespace FailoverLab.Analysis;

/// <summary>How well the packets of one flow were recognised in tunnels that cannot be read.</summary>
internal sealed class CodeTally
{
    /// <summary>Probes sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Probes sent while sizes did not differ enough to tell them apart.</summary>
    public long Alike { get; private set; }

    /// <summary>Probes that came out of the far end, and so went through some tunnel.</summary>
    public long Delivered { get; private set; }

    /// <summary>Those of them recognised at a point at least.</summary>
    public long DeliveredFound { get; private set; }

    /// <summary>Probes recognised, delivered or not.</summary>
    public long Found { get; private set; }

    /// <summary>Those of them for which another packet would have done nearly as well.</summary>
    public long Ambiguous { get; private set; }

    /// <summary>Counts one probe.</summary>
    public void Count(bool isCoded, bool isDelivered, bool isFound, bool isAmbiguous)
    {
        Sent++;
        if (!isCoded) Alike++;
        if (isDelivered) Delivered++;
        if (isDelivered && isFound) DeliveredFound++;
        if (isFound) Found++;
        if (isFound && isAmbiguous) Ambiguous++;
    }
}

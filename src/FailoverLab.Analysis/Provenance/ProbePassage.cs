namespace FailoverLab.Analysis;

/// <summary>One probe as it is seen in the clear on both sides of a tunnel.</summary>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="EntryNs">When it went into the tunnel's near end, ns.</param>
/// <param name="Size">Length of its IP packet, bytes: what the tunnel encrypts.</param>
/// <param name="ExitNs">When its first copy came out of the far end, ns; <see cref="Lost"/> when none did.</param>
public readonly record struct ProbePassage(long Sequence, long EntryNs, int Size, long ExitNs)
{
    /// <summary>Marks a probe that never came out.</summary>
    public const long Lost = long.MinValue;

    /// <summary>Whether a copy came out.</summary>
    public bool IsDelivered => ExitNs != Lost;
}

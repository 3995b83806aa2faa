namespace FailoverLab.Analysis;

/// <summary>One packet of a readable flow, as it went into a tunnel that hides it.</summary>
/// <param name="Number">Sequence number.</param>
/// <param name="EntryNs">When the sender's capture saw it, ns since the Unix epoch.</param>
/// <param name="ExitNs">When the receiver's capture saw it; <see cref="Lost"/> when it never did.</param>
/// <param name="Length">Length at the sender's capture, bytes.</param>
internal readonly record struct CodedProbe(ulong Number, long EntryNs, long ExitNs, int Length)
{
    /// <summary>Exit of a probe that never came out.</summary>
    public const long Lost = long.MaxValue;

    /// <summary>Whether it came out.</summary>
    public bool IsDelivered => ExitNs != Lost;
}

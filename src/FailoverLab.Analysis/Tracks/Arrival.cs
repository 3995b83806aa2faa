namespace FailoverLab.Analysis;

/// <summary>The first copy of a packet reaching the receiver.</summary>
/// <param name="Row">Its sequence number.</param>
/// <param name="SendNs">When it was sent, ns since the Unix epoch.</param>
/// <param name="ReceivedNs">When it arrived.</param>
/// <param name="Length">Bytes on the wire.</param>
/// <param name="Path">Path that delivered it; -1 = unknown.</param>
internal readonly record struct Arrival(long Row, long SendNs, long ReceivedNs, int Length, int Path)
{
    /// <summary>One-way delay, ns.</summary>
    public long DelayNs => ReceivedNs - SendNs;
}

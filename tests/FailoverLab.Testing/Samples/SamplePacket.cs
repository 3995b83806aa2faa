namespace FailoverLab.Testing;

/// <summary>One probe packet of a sample run.</summary>
/// <param name="Sequence">Sequence number.</param>
/// <param name="SentNs">Send time, ns since the Unix epoch.</param>
/// <param name="ReceivedNs">Arrival, ns since the Unix epoch; 0 when lost.</param>
/// <param name="Path">Index of the path that carried it.</param>
public readonly record struct SamplePacket(long Sequence, long SentNs, long ReceivedNs, int Path)
{
    /// <summary>Whether it never arrived.</summary>
    public bool IsLost => ReceivedNs == 0;
}

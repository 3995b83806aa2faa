namespace FailoverLab.Analysis;

/// <summary>One packet of one flow as one point saw it. What <see cref="A"/> and <see cref="B"/> mean depends on the flow's kind.</summary>
internal struct Sighting
{
    /// <summary>Capture time, ns since the Unix epoch.</summary>
    public long StampNs;

    /// <summary>Sequenced flows: the sequence number. Otherwise as <see cref="FrameDissector"/> left it.</summary>
    public ulong A;

    /// <summary>Sequenced flows: the sender's own stamp, ns since the Unix epoch; <see cref="RowWindow.Missing"/> = none.</summary>
    public ulong B;

    /// <summary>Bytes on the wire.</summary>
    public int Length;

    /// <summary>The point that saw it.</summary>
    public int Point;
}

namespace FailoverLab.Analysis;

/// <summary>One packet of a sequenced flow. 24 bytes: rows are most of what is kept and walked over.</summary>
internal struct Row
{
    /// <summary>Send time, ns since the Unix epoch: the sender's capture, else the stamp in the packet, else (once settled) between its neighbours'.</summary>
    public long SendNs;

    /// <summary>Arrival of the first copy, ns since the Unix epoch; <see cref="RowWindow.Missing"/> when none arrived.</summary>
    public long ReceivedNs;

    /// <summary>Bytes on the wire of the copy that arrived, else of the first seen; at most 65,535.</summary>
    public ushort Length;

    /// <summary>What is known of the packet.</summary>
    public RowState State;

    /// <summary>Path that delivered the first copy, else the one it entered; -1 = unknown.</summary>
    public sbyte Carrier;

    /// <summary>Routing server that saw the packet; -1 = none.</summary>
    public sbyte Router;
}

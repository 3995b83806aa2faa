namespace FailoverLab.Emulator;

/// <summary>A packet inside a link.</summary>
internal struct PacketEntry
{
    /// <summary>When it comes out, ns; known once it left the bottleneck.</summary>
    public long DueNs;

    /// <summary>When it arrived, ns.</summary>
    public long ArrivalNs;

    /// <summary>Its delay behind the bottleneck, drawn on arrival, ns.</summary>
    public long DelayNs;

    /// <summary>Its number on the link and direction, from 0.</summary>
    public long Index;

    /// <summary>Order of leaving the bottleneck; breaks ties of <see cref="DueNs"/>.</summary>
    public long Turn;

    /// <summary>How long the line took for it, ns, when it had to wait for the one before it at a rate; else 0.</summary>
    public long LineNs;

    /// <summary>Where its bytes are.</summary>
    public int Slot;

    /// <summary>Bytes of frame.</summary>
    public int Length;

    /// <summary>What was done to it.</summary>
    public PacketMarks Marks;
}

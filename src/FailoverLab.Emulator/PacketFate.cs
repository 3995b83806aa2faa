namespace FailoverLab.Emulator;

/// <summary>A line of the log of a link: one packet and what became of it.</summary>
public readonly record struct PacketFate
{
    /// <summary>Its number on the link and direction, from 0.</summary>
    public long Index { get; init; }

    /// <summary>When it arrived, ns in the time of the pipeline.</summary>
    public long ArrivalNs { get; init; }

    /// <summary>When it is due to come out, ns; for one that was dropped, when.</summary>
    public long DueNs { get; init; }

    /// <summary>Bytes of frame.</summary>
    public int Bytes { get; init; }

    /// <summary>What became of it. A packet that passed and was inside when the link went down has a second line, <see cref="PacketEnd.Inside"/>.</summary>
    public PacketEnd End { get; init; }

    /// <summary>What was done to it.</summary>
    public PacketMarks Marks { get; init; }
}

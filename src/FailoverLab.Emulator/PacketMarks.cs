namespace FailoverLab.Emulator;

/// <summary>What a link did to a packet on its way, beside delaying it.</summary>
[Flags]
public enum PacketMarks
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It came out twice.</summary>
    Duplicated = 1,

    /// <summary>One bit of it was flipped.</summary>
    Corrupted = 2,

    /// <summary>It skipped the delay (<see cref="LinkImpairments.Reorder"/>).</summary>
    Reordered = 4,

    /// <summary>It was free to overtake (<see cref="LinkImpairments.KeepsOrder"/> was off).</summary>
    Free = 8,
}

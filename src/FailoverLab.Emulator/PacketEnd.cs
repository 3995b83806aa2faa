namespace FailoverLab.Emulator;

/// <summary>What became of a packet.</summary>
public enum PacketEnd
{
    /// <summary>It came out, or will.</summary>
    Passed,

    /// <summary>It met a link that was down.</summary>
    Down,

    /// <summary>It met a link that drops all.</summary>
    Drop,

    /// <summary>It was longer than the MTU.</summary>
    TooLong,

    /// <summary>It was lost at random.</summary>
    Loss,

    /// <summary>It was lost by the pattern.</summary>
    Pattern,

    /// <summary>It was lost by the slots: around a handover, or by an obstruction.</summary>
    Slots,

    /// <summary>It found the bottleneck's queue full.</summary>
    Queue,

    /// <summary>CoDel dropped it at the head of the queue.</summary>
    CoDel,

    /// <summary>The emulator had no room for it.</summary>
    Capacity,

    /// <summary>It was inside when the link went down.</summary>
    Inside,
}

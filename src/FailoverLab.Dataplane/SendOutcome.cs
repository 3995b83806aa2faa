namespace FailoverLab.Dataplane;

/// <summary>What became of a packet handed to the kernel.</summary>
public enum SendOutcome
{
    /// <summary>The kernel took it.</summary>
    Sent,

    /// <summary>The send queue was full; the packet is lost.</summary>
    QueueFull,

    /// <summary>No route, no carrier or the interface is down; the packet is lost.</summary>
    Unreachable,

    /// <summary>Longer than the interface's MTU; the packet is lost.</summary>
    TooLong,

    /// <summary>Any other refusal; the packet is lost.</summary>
    Failed,
}

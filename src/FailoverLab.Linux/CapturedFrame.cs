namespace FailoverLab.Linux;

/// <summary>One frame as a capture saw it; a view that is valid until the ring is asked for the next.</summary>
public readonly ref struct CapturedFrame
{
    /// <summary>The frame's first bytes, at most the ring's snap length (and a VLAN tag); begins with the link header where the interface has one.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Length on the wire, bytes; at least <see cref="Data"/>'s.</summary>
    public required int OriginalLength { get; init; }

    /// <summary>The kernel's stamp, CLOCK_REALTIME ns.</summary>
    public required long RealtimeNs { get; init; }

    /// <summary>Whom it was for, and whether it came or went.</summary>
    public required FrameKind Kind { get; init; }
}

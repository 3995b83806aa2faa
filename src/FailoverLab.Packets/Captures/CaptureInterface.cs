namespace FailoverLab.Packets;

/// <summary>An interface a capture was taken on, as far as the file describes it.</summary>
public sealed record CaptureInterface
{
    /// <summary>Name (<c>if_name</c>); absent when the file does not say.</summary>
    public string? Name { get; init; }

    /// <summary>What frames start with.</summary>
    public required CaptureLinkType LinkType { get; init; }

    /// <summary>Largest number of bytes kept of a packet; 0 = no limit.</summary>
    public required uint SnapLength { get; init; }

    /// <summary>Packets the interface received while capturing (<c>isb_ifrecv</c>); absent when the file does not say.</summary>
    public long? Received { get; set; }

    /// <summary>Packets that could not be stored (<c>isb_ifdrop</c>, <c>isb_osdrop</c> added); absent when the file does not say.</summary>
    public long? Dropped { get; set; }
}

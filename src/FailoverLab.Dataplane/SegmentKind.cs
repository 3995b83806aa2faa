namespace FailoverLab.Dataplane;

/// <summary>How a packet longer than the MTU is cut; numbers of <c>virtio_net_hdr.gso_type</c>.</summary>
public enum SegmentKind : byte
{
    /// <summary>It is one packet.</summary>
    None = 0,

    /// <summary>TCP over IPv4.</summary>
    TcpIPv4 = 1,

    /// <summary>TCP over IPv6.</summary>
    TcpIPv6 = 4,

    /// <summary>UDP, each segment a datagram of its own.</summary>
    Udp = 5,
}

namespace FailoverLab.Packets;

/// <summary>What a captured frame starts with; numbers are those of the capture file formats (tcpdump.org, LINKTYPE_*).</summary>
public enum CaptureLinkType
{
    /// <summary>BSD loopback: address family in 4 bytes of either byte order, then IP.</summary>
    Null = 0,

    /// <summary>Ethernet II, without preamble and checksum.</summary>
    Ethernet = 1,

    /// <summary>IPv4 or IPv6 header first; the number of most systems' own <c>DLT_RAW</c>, found in old files.</summary>
    RawOld = 12,

    /// <summary>IPv4 or IPv6 header first; OpenBSD's <c>DLT_RAW</c>.</summary>
    RawOpenBsd = 14,

    /// <summary>IPv4 or IPv6 header first.</summary>
    Raw = 101,

    /// <summary>OpenBSD loopback: as <see cref="Null"/>, the family in network byte order.</summary>
    Loop = 108,

    /// <summary>Linux "cooked" capture: 16-byte header with packet type and EtherType.</summary>
    LinuxSll = 113,

    /// <summary>IPv4 header first.</summary>
    Ipv4 = 228,

    /// <summary>IPv6 header first.</summary>
    Ipv6 = 229,

    /// <summary>Linux "cooked" capture, version 2: 20-byte header with interface index.</summary>
    LinuxSll2 = 276,
}

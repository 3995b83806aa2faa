namespace FailoverLab.Analysis;

/// <summary>What tells one flow from another.</summary>
internal enum FlowKeyKind : byte
{
    /// <summary>Our probe: its flow number.</summary>
    Probe,

    /// <summary>Our probe on its way back.</summary>
    ProbeEcho,

    /// <summary>Signalling of our tunnel: sender, type and tunnel number.</summary>
    Signal,

    /// <summary>UDP over IPv4 or IPv6: addresses and ports.</summary>
    Udp,

    /// <summary>TCP: addresses and ports, one direction.</summary>
    Tcp,

    /// <summary>ICMP or ICMPv6 echo: who asks, who answers, identifier; both directions.</summary>
    IcmpEcho,

    /// <summary>Any other IP protocol: addresses and protocol.</summary>
    OtherIp,
}

namespace FailoverLab.Results;


/// <summary>What a flow was recognised as.</summary>
public enum FlowKind
{
    /// <summary>This program's own sequenced probe.</summary>
    Probe,

    /// <summary>iperf3 UDP with its sequence and time header.</summary>
    Iperf3Udp,

    /// <summary>RTP.</summary>
    Rtp,

    /// <summary>ICMP or ICMPv6 echo.</summary>
    IcmpEcho,

    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>Anything else; judged by arrival gaps alone.</summary>
    Generic,
}

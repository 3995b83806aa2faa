namespace FailoverLab.Linux;

/// <summary>Whom a frame was for, seen from the interface (<c>PACKET_HOST</c> … in linux/if_packet.h).</summary>
public enum FrameKind
{
    /// <summary>Received, for this host.</summary>
    Host = 0,

    /// <summary>Received, for all.</summary>
    Broadcast = 1,

    /// <summary>Received, for a group.</summary>
    Multicast = 2,

    /// <summary>Received, for another host.</summary>
    OtherHost = 3,

    /// <summary>Sent by this host.</summary>
    Outgoing = 4,
}

namespace FailoverLab.Tunnel;

/// <summary>What a tunnel datagram carries; the header's second byte.</summary>
public enum PacketType : byte
{
    /// <summary>A whole inner IP packet, either way.</summary>
    Data = 1,

    /// <summary>Liveness and path statistics; the router answers each one with its own.</summary>
    Keepalive = 2,

    /// <summary>Reserved by the protocol; sent by nobody, refused here.</summary>
    Control = 3,

    /// <summary>Endpoint asks for its subnets.</summary>
    AllocationRequest = 4,

    /// <summary>Router's answer.</summary>
    AllocationResponse = 5,

    /// <summary>Endpoint names the prefixes behind it.</summary>
    RouteAdvertisement = 6,

    /// <summary>Router's table for other routers; accepted and not used.</summary>
    RouterUpdate = 7,

    /// <summary>Endpoint makes a tunnel the one for its return traffic, or one router tells another that it lost an endpoint.</summary>
    EndpointActivation = 8,

    /// <summary>Router took an activation.</summary>
    ActivationAck = 9,

    /// <summary>The previous router let go of an endpoint.</summary>
    DeactivationAck = 10,

    /// <summary>An inner IP packet behind its 64-bit number, so that a copy of it can be told; only to a peer that says it takes them.</summary>
    NumberedData = 11,
}

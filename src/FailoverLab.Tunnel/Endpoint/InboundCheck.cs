using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>Tells inner packets that no router sends: cut ones, and our own thrown back at us.</summary>
internal sealed class InboundCheck
{
    private readonly IpPrefix[] _own;

    public InboundCheck(IEnumerable<IpPrefix> own) => _own = [.. own];

    /// <summary>The reason when the content of a datagram cannot come from a router.</summary>
    /// <param name="tag">The router's tag.</param>
    /// <param name="type">What the payload is.</param>
    /// <param name="payload">The payload.</param>
    public RefusalReason? NotFromRouter(uint tag, PacketType type, ReadOnlySpan<byte> payload) => type switch
    {
        PacketType.Data => Refuses(payload),
        PacketType.NumberedData => payload.Length < TunnelHeader.NumberSize ? RefusalReason.BadContent : Refuses(payload[TunnelHeader.NumberSize..]),
        PacketType.Keepalive when KeepalivePayload.TryRead(payload, out var peer) => peer.Role == KeepaliveRole.Router && RouterTag.Fits(peer.Router, tag) ? null : RefusalReason.Reflected,
        PacketType.AllocationRequest or PacketType.RouteAdvertisement or PacketType.EndpointActivation => RefusalReason.Reflected,
        _ => null,
    };

    /// <summary>The reason when a packet is refused.</summary>
    public RefusalReason? Refuses(ReadOnlySpan<byte> packet)
    {
        if (!InnerPacket.TryRead(packet, out var inner))
        {
            return RefusalReason.BadContent;
        }

        foreach (var prefix in _own)
        {
            if (prefix.IsIPv6 == inner.IsIPv6 && prefix.Contains(inner.Source))
            {
                return RefusalReason.Reflected;
            }
        }

        return null;
    }
}

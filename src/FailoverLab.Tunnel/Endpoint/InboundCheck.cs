namespace FailoverLab.Tunnel;

/// <summary>Tells inner packets that no router sends: cut ones, and our own thrown back at us.</summary>
internal sealed class InboundCheck
{
    private readonly IpPrefix[] _own;

    public InboundCheck(IEnumerable<IpPrefix> own) => _own = [.. own];

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

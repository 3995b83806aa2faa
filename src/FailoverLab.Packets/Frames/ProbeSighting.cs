namespace FailoverLab.Packets;

/// <summary>What a captured frame shows of this program's own traffic: a probe, plain or inside the tunnel, or tunnel signalling.</summary>
public readonly ref struct ProbeSighting
{
    private ProbeSighting(ReadOnlySpan<byte> outerSource, ProbeHeader? probe, TunnelHeader? tunnel)
    {
        OuterSource = outerSource;
        Probe = probe;
        Tunnel = tunnel;
    }

    /// <summary>Source address of the outermost IP packet, 4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> OuterSource { get; }

    /// <summary>The probe; absent for tunnel signalling.</summary>
    public ProbeHeader? Probe { get; }

    /// <summary>The tunnel's header; absent for a probe outside any tunnel.</summary>
    public TunnelHeader? Tunnel { get; }

    /// <summary>Reads a frame; anything else gives <see langword="false"/>. The tunnel is recognised by its header on any UDP port.</summary>
    public static bool TryRead(CaptureLinkType linkType, ReadOnlySpan<byte> frame, out ProbeSighting sighting)
    {
        sighting = default;
        if (!Frame.TryReadIp(linkType, frame, out var ip) || !IpPacket.TryRead(ip, out var outer) || !UdpDatagram.TryRead(outer, out var datagram))
        {
            return false;
        }

        if (ProbeHeader.TryRead(datagram.Payload, out var probe))
        {
            sighting = new ProbeSighting(outer.Source, probe, null);
            return true;
        }

        if (!TunnelHeader.TryRead(datagram.Payload, out var tunnel)) return false;
        var offset = tunnel.InnerOffset;
        if (offset < 0)
        {
            sighting = new ProbeSighting(outer.Source, null, tunnel);
            return true;
        }

        if (datagram.Payload.Length <= offset
            || !IpPacket.TryRead(datagram.Payload[offset..], out var inner)
            || !UdpDatagram.TryRead(inner, out var innerDatagram)
            || !ProbeHeader.TryRead(innerDatagram.Payload, out var innerProbe))
        {
            return false;
        }

        sighting = new ProbeSighting(outer.Source, innerProbe, tunnel);
        return true;
    }
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FailoverLab.Packets;

namespace FailoverLab.Analysis;

/// <summary>
/// Finds the flow a captured frame belongs to and the numbers that tell its packets apart. Packets inside our own tunnel belong to
/// the flow they carry. The meaning of the two numbers by kind:
/// <list type="table">
/// <item><term>probe, signal</term><description>sequence number; sender's stamp</description></item>
/// <item><term>UDP</term><description>the first 16 bytes of the payload, big-endian</description></item>
/// <item><term>TCP</term><description>sequence and acknowledgement number; see <see cref="TcpSighting"/>; both directions have one key</description></item>
/// <item><term>ICMP echo</term><description>sequence number; 1 for a reply</description></item>
/// </list>
/// </summary>
internal static class FrameDissector
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;
    private const int Ipv4UdpPayload = 42;

    /// <summary>From the EtherType on: IPv4 of five words, whole (only the bit that forbids cutting it may be set), UDP.</summary>
    private static Vector128<byte> PlainHeader => Vector128.Create(8, 0, 0x45, 0, 0, 0, 0, 0, 0, 0, 0, UdpDatagram.Protocol, 0, 0, 0, 0);

    private static Vector128<byte> PlainMask => Vector128.Create(0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0xBF, 0xFF, 0, 0xFF, 0, 0, 0, 0);

    /// <summary>Reads a frame; what is no IP, a later fragment, or cut before its numbers gives <see langword="false"/>.</summary>
    public static bool TryRead(in CapturedPacket packet, out FlowKey key, out ulong a, out ulong b)
    {
        (key, a, b) = (default, 0, 0);
        var data = packet.Data;
        return Frame.TryReadIp(packet.LinkType, data, out var ip)
            && IpPacket.TryRead(ip, out var outer)
            && TryRead(outer, packet.OriginalLength - data.Length, inTunnel: false, ref key, ref a, ref b);
    }

    /// <summary>The short way for nearly every packet of a probe run; what it does not know, <see cref="TryRead(in CapturedPacket, out FlowKey, out ulong, out ulong)"/> may.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadPlainProbe(in CapturedPacket packet, out uint flowId, out ulong a, out ulong b)
    {
        var data = packet.Data;
        if (packet.LinkType == CaptureLinkType.Ethernet && data.Length >= Ipv4UdpPayload + ProbeHeader.Size && IsPlainProbe(data))
        {
            flowId = BinaryPrimitives.ReadUInt32BigEndian(data[(Ipv4UdpPayload + 4)..]);
            a = BinaryPrimitives.ReadUInt64BigEndian(data[(Ipv4UdpPayload + 8)..]);
            b = BinaryPrimitives.ReadUInt64BigEndian(data[(Ipv4UdpPayload + 16)..]);
            return true;
        }

        (flowId, a, b) = (0, 0, 0);
        return false;
    }

    /// <summary>Ethernet, IPv4 without options, whole, UDP, our magic, no echo.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlainProbe(ReadOnlySpan<byte> data) =>
        (Vector128.Create(data[12..]) & PlainMask) == PlainHeader
        && BinaryPrimitives.ReadUInt32BigEndian(data[Ipv4UdpPayload..]) == ProbeHeader.Magic
        && (data[Ipv4UdpPayload + 27] & 1) == 0;

    private static bool TryRead(in IpPacket ip, int cut, bool inTunnel, ref FlowKey key, ref ulong a, ref ulong b)
    {
        switch (ip.Protocol)
        {
            case UdpDatagram.Protocol:
                return UdpDatagram.TryRead(ip, out var datagram) && TryReadUdp(ip, datagram, cut, inTunnel, ref key, ref a, ref b);
            case 6:
                return TryReadTcp(ip, cut, ref key, ref a, ref b);
            case 1 or 58:
                return TryReadEcho(ip, ref key, ref a, ref b);
            default:
                key = Of(FlowKeyKind.OtherIp, ip, ip.Protocol);
                return true;
        }
    }

    private static bool TryReadUdp(in IpPacket ip, in UdpDatagram datagram, int cut, bool inTunnel, ref FlowKey key, ref ulong a, ref ulong b)
    {
        var payload = datagram.Payload;
        if (ProbeHeader.TryRead(payload, out var probe))
        {
            key = new FlowKey(probe.FlowId, (probe.Flags & 1) != 0);
            (a, b) = (probe.Sequence, (ulong)probe.SentRealtimeNs);
            return true;
        }

        if (!inTunnel && TunnelHeader.TryRead(payload, out var tunnel))
        {
            if (tunnel.InnerOffset is var offset and >= 0)
            {
                // A tunnel of ours carries IP; what only looks like one falls through and is a UDP flow.
                if (payload.Length > offset && IpPacket.TryRead(payload[offset..], out var inner) && TryRead(inner, cut, inTunnel: true, ref key, ref a, ref b)) return true;
            }
            else
            {
                // Both ends number their packets from 0 in one tunnel, so the sender's address must tell them apart.
                key = Of(FlowKeyKind.Signal, ip, ((ulong)tunnel.Type << 32) | tunnel.TunnelId) with { DestinationHigh = 0, DestinationLow = 0 };
                (a, b) = (tunnel.Sequence, unchecked((ulong)RowWindow.Missing));
                return true;
            }
        }

        key = Of(FlowKeyKind.Udp, ip, ((ulong)datagram.SourcePort << 16) | datagram.DestinationPort);
        (a, b) = (First8(payload), payload.Length > 8 ? First8(payload[8..]) : 0);
        return true;
    }

    private static bool TryReadTcp(in IpPacket ip, int cut, ref FlowKey key, ref ulong a, ref ulong b)
    {
        var segment = ip.Payload;
        if (segment.Length < 20) return false;
        var header = (segment[12] >> 4) * 4;
        if (header < 20) return false;
        key = Of(FlowKeyKind.Tcp, ip, BinaryPrimitives.ReadUInt32BigEndian(segment));
        var reversed = key.Reversed;
        var isBackward = IsBefore(reversed, key);
        if (isBackward) key = reversed;
        a = BinaryPrimitives.ReadUInt64BigEndian(segment[4..]);
        // What the capture cut off may be the link's padding; only where the header tells no length is it taken for data.
        var length = ip.SaysLength ? ip.WirePayloadLength : segment.Length + cut;
        b = TcpSighting.Pack(isBackward, segment[13], (uint)Math.Max(0, length - header));
        return true;
    }

    private static bool IsBefore(in FlowKey one, in FlowKey other) =>
        (one.SourceHigh, one.SourceLow, one.SourcePort).CompareTo((other.SourceHigh, other.SourceLow, other.SourcePort)) < 0;

    private static bool TryReadEcho(in IpPacket ip, ref FlowKey key, ref ulong a, ref ulong b)
    {
        var message = ip.Payload;
        if (message.Length < 8) return false;
        var (request, reply) = ip.Protocol == 1 ? (8, 0) : (128, 129);
        if (message[0] != request && message[0] != reply) return false;
        key = Of(FlowKeyKind.IcmpEcho, ip, BinaryPrimitives.ReadUInt16BigEndian(message[4..]));
        if (message[0] == reply) key = key.Reversed;
        a = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        b = message[0] == reply ? 1u : 0;
        return true;
    }

    private static FlowKey Of(FlowKeyKind kind, in IpPacket ip, ulong number)
    {
        if (ip.Version == 4)
        {
            return new FlowKey(
                kind, 0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(ip.Source), 0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(ip.Destination), number);
        }

        return new FlowKey(
            kind,
            BinaryPrimitives.ReadUInt64BigEndian(ip.Source),
            BinaryPrimitives.ReadUInt64BigEndian(ip.Source[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(ip.Destination),
            BinaryPrimitives.ReadUInt64BigEndian(ip.Destination[8..]),
            number);
    }

    private static ulong First8(ReadOnlySpan<byte> payload)
    {
        if (payload.Length >= 8) return BinaryPrimitives.ReadUInt64BigEndian(payload);
        var value = 0UL;
        for (var i = 0; i < payload.Length; i++) value |= (ulong)payload[i] << (56 - (8 * i));
        return value;
    }
}

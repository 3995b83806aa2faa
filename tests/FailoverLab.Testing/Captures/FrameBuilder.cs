using System.Buffers.Binary;
using System.Net;
using FailoverLab.Packets;

namespace FailoverLab.Testing;

/// <summary>Makes frames for synthetic captures: probes in UDP over IPv4 or IPv6 on Ethernet, plain or inside the tunnel.</summary>
public static class FrameBuilder
{
    /// <summary>A probe as the sender puts it on its wire.</summary>
    public static byte[] Probe(ProbeHeader header, bool ipv6 = false, int payloadSize = ProbeHeader.Size) =>
        Ethernet(ipv6, ProbeIp(header, ipv6, payloadSize));

    /// <summary>A probe inside the tunnel, as it crosses a WAN link.</summary>
    public static byte[] TunneledProbe(ProbeHeader header, TunnelHeader tunnel, bool ipv6 = false, string source = "203.0.113.2")
    {
        var inner = ProbeIp(header, ipv6, ProbeHeader.Size);
        var payload = new byte[TunnelHeader.Size + inner.Length];
        tunnel.Write(payload);
        inner.CopyTo(payload, TunnelHeader.Size);
        return Ethernet(false, Ip(IPAddress.Parse(source), IPAddress.Parse("203.0.113.66"), Udp(51820, 51820, payload)));
    }

    /// <summary>Tunnel signalling (any type but DATA) with an empty payload.</summary>
    public static byte[] Signal(TunnelHeader tunnel, string source = "203.0.113.2")
    {
        var payload = new byte[TunnelHeader.Size];
        tunnel.Write(payload);
        return Ethernet(false, Ip(IPAddress.Parse(source), IPAddress.Parse("203.0.113.66"), Udp(51820, 51820, payload)));
    }

    /// <summary>A UDP datagram; the checksum is left out.</summary>
    public static byte[] Udp(ushort source, ushort destination, ReadOnlySpan<byte> payload)
    {
        var datagram = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, source);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), destination);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram.AsSpan(8));
        return datagram;
    }

    /// <summary>An IP packet around a UDP datagram; the version is that of the addresses.</summary>
    public static byte[] Ip(IPAddress source, IPAddress destination, ReadOnlySpan<byte> datagram)
    {
        var from = source.GetAddressBytes();
        var to = destination.GetAddressBytes();
        var header = from.Length == 4 ? 20 : 40;
        var packet = new byte[header + datagram.Length];
        if (from.Length == 4)
        {
            packet[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            packet[8] = 64;
            packet[9] = UdpDatagram.Protocol;
        }
        else
        {
            packet[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)datagram.Length);
            packet[6] = UdpDatagram.Protocol;
            packet[7] = 64;
        }

        from.CopyTo(packet, from.Length == 4 ? 12 : 8);
        to.CopyTo(packet, from.Length == 4 ? 16 : 24);
        datagram.CopyTo(packet.AsSpan(header));
        return packet;
    }

    /// <summary>An Ethernet frame around an IP packet, with the given VLAN tags outermost first.</summary>
    public static byte[] Ethernet(bool ipv6, ReadOnlySpan<byte> ip, params ReadOnlySpan<ushort> vlans)
    {
        var frame = new byte[14 + (4 * vlans.Length) + ip.Length];
        frame[0] = 0x02;
        frame[6] = 0x02;
        frame[11] = 0x01;
        var at = 12;
        for (var i = 0; i < vlans.Length; i++, at += 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), (ushort)(i < vlans.Length - 1 ? 0x88A8 : 0x8100));
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at + 2), vlans[i]);
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), (ushort)(ipv6 ? 0x86DD : 0x0800));
        ip.CopyTo(frame.AsSpan(at + 2));
        return frame;
    }

    private static byte[] ProbeIp(ProbeHeader header, bool ipv6, int payloadSize)
    {
        var payload = new byte[payloadSize];
        header.Write(payload);
        var datagram = Udp(40000, 40000, payload);
        return ipv6
            ? Ip(IPAddress.Parse("2001:db8:1::2"), IPAddress.Parse("2001:db8:300::10"), datagram)
            : Ip(IPAddress.Parse("192.0.2.2"), IPAddress.Parse("198.51.100.10"), datagram);
    }
}

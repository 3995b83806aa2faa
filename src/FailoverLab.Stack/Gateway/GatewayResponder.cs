using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace FailoverLab.Stack;

/// <summary>
/// Answers ARP (RFC 826) and neighbour solicitations (RFC 4861) for gateway addresses that no kernel holds: when the process that
/// answers dies, so do the answers. Frames in, frames out; no I/O.
/// <code>
/// ARP   dst 6 | src 6 | 0806 | 1 | 0800 | 6 | 4 | op 2 | sha 6 | spa 4 | tha 6 | tpa 4                     = 42
/// NA    dst 6 | src 6 | 86DD | IPv6 40 | 136 0 | checksum 2 | R S O flags 4 | target 16 | 2 1 | mac 6    = 86
/// </code>
/// </summary>
public sealed class GatewayResponder
{
    /// <summary>Bytes of the longest frame made here.</summary>
    public const int MaxFrame = 86;

    private const int EthernetSize = 14;
    private const int ArpSize = 42;
    private const ushort ArpType = 0x0806;
    private const ushort IPv6Type = 0x86DD;
    private const ushort ArpRequest = 1;
    private const ushort ArpReply = 2;
    private const byte Icmpv6 = 58;
    private const byte Solicitation = 135;
    private const byte Advertisement = 136;
    private const byte RouterFlag = 0x80;
    private const byte SolicitedFlag = 0x40;
    private const byte OverrideFlag = 0x20;
    private static readonly byte[] Broadcast = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    private static readonly byte[] AllNodesMac = [0x33, 0x33, 0, 0, 0, 1];
    private static readonly byte[] AllNodes = IPAddress.Parse("ff02::1").GetAddressBytes();

    private readonly byte[] _mac;
    private readonly byte[][] _ipv4;
    private readonly byte[][] _ipv6;

    /// <summary>Makes a responder.</summary>
    /// <param name="mac">The interface's Ethernet address, 6 bytes.</param>
    /// <param name="gateways">Addresses to answer for.</param>
    public GatewayResponder(byte[] mac, IEnumerable<IPAddress> gateways)
    {
        _mac = mac;
        var byFamily = gateways.ToLookup(g => g.AddressFamily, g => g.GetAddressBytes());
        _ipv4 = [.. byFamily[AddressFamily.InterNetwork]];
        _ipv6 = [.. byFamily[AddressFamily.InterNetworkV6]];
    }

    /// <summary>Answers a frame that asks for a gateway.</summary>
    /// <param name="frame">A received Ethernet frame.</param>
    /// <param name="reply">At least <see cref="MaxFrame"/> bytes.</param>
    /// <returns>Bytes of the answer; 0 when the frame asks nothing of us.</returns>
    public int Answer(ReadOnlySpan<byte> frame, Span<byte> reply)
    {
        if (frame.Length < ArpSize)
        {
            return 0;
        }

        return BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) switch
        {
            ArpType => AnswerArp(frame, reply),
            IPv6Type => AnswerSolicitation(frame, reply),
            _ => 0,
        };
    }

    /// <summary>How many frames an announcement has: one per gateway.</summary>
    public int AnnouncementCount => _ipv4.Length + _ipv6.Length;

    /// <summary>Writes one announcement: a gratuitous ARP request (RFC 5227) or an unsolicited advertisement with the override flag.</summary>
    /// <param name="index">0..<see cref="AnnouncementCount"/> - 1.</param>
    /// <param name="frame">At least <see cref="MaxFrame"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Announce(int index, Span<byte> frame) => index < _ipv4.Length
        ? WriteArp(frame, Broadcast, ArpRequest, _ipv4[index], new byte[6], _ipv4[index])
        : WriteAdvertisement(frame, AllNodesMac, AllNodes, _ipv6[index - _ipv4.Length], RouterFlag | OverrideFlag);

    private static byte[]? Find(byte[][] gateways, ReadOnlySpan<byte> address)
    {
        foreach (var gateway in gateways)
        {
            if (address.SequenceEqual(gateway))
            {
                return gateway;
            }
        }

        return null;
    }

    private int AnswerArp(ReadOnlySpan<byte> frame, Span<byte> reply)
    {
        var isRequest = BinaryPrimitives.ReadUInt32BigEndian(frame[14..]) == 0x0001_0800 && BinaryPrimitives.ReadUInt16BigEndian(frame[20..]) == ArpRequest;
        var sender = frame.Slice(28, 4);
        return isRequest && Find(_ipv4, frame.Slice(38, 4)) is { } gateway && !sender.SequenceEqual(gateway)
            ? WriteArp(reply, frame.Slice(22, 6), ArpReply, gateway, frame.Slice(22, 6), sender)
            : 0;
    }

    private int AnswerSolicitation(ReadOnlySpan<byte> frame, Span<byte> reply)
    {
        const int Icmp = EthernetSize + 40;
        if (frame.Length < Icmp + 24 || frame[20] != Icmpv6 || frame[21] != 255 || frame[Icmp] != Solicitation || Find(_ipv6, frame.Slice(Icmp + 8, 16)) is not { } gateway)
        {
            return 0;
        }

        var sender = frame.Slice(22, 16);
        return sender.IndexOfAnyExcept((byte)0) < 0
            ? WriteAdvertisement(reply, AllNodesMac, AllNodes, gateway, RouterFlag | OverrideFlag)
            : WriteAdvertisement(reply, frame.Slice(6, 6), sender, gateway, RouterFlag | SolicitedFlag | OverrideFlag);
    }

    private int WriteArp(Span<byte> frame, ReadOnlySpan<byte> destination, ushort operation, ReadOnlySpan<byte> senderIp, ReadOnlySpan<byte> targetMac, ReadOnlySpan<byte> targetIp)
    {
        WriteEthernet(frame, destination, ArpType);
        BinaryPrimitives.WriteUInt32BigEndian(frame[14..], 0x0001_0800);
        BinaryPrimitives.WriteUInt16BigEndian(frame[18..], 0x0604);
        BinaryPrimitives.WriteUInt16BigEndian(frame[20..], operation);
        _mac.CopyTo(frame[22..]);
        senderIp.CopyTo(frame[28..]);
        targetMac.CopyTo(frame[32..]);
        targetIp.CopyTo(frame[38..]);
        return ArpSize;
    }

    private int WriteAdvertisement(Span<byte> frame, ReadOnlySpan<byte> destinationMac, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> gateway, byte flags)
    {
        const int IcmpLength = 32;
        WriteEthernet(frame, destinationMac, IPv6Type);
        var ip = frame[EthernetSize..];
        BinaryPrimitives.WriteUInt32BigEndian(ip, 0x6000_0000);
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], IcmpLength);
        (ip[6], ip[7]) = (Icmpv6, 255);
        gateway.CopyTo(ip[8..]);
        destination.CopyTo(ip[24..]);
        var icmp = ip.Slice(40, IcmpLength);
        icmp.Clear();
        (icmp[0], icmp[4]) = (Advertisement, flags);
        gateway.CopyTo(icmp[8..]);
        (icmp[24], icmp[25]) = (2, 1);
        _mac.CopyTo(icmp[26..]);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], Checksum(ip.Slice(8, 32), icmp));
        return MaxFrame;
    }

    private void WriteEthernet(Span<byte> frame, ReadOnlySpan<byte> destination, ushort type)
    {
        destination.CopyTo(frame);
        _mac.CopyTo(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], type);
    }

    /// <summary>RFC 4443 section 2.3: over the pseudo-header and the message.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> message)
    {
        var sum = (uint)message.Length + Icmpv6;
        for (var i = 0; i < addresses.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(addresses[i..]);
        }

        for (var i = 0; i < message.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(message[i..]);
        }

        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}

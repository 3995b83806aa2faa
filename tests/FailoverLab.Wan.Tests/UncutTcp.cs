using System.Buffers.Binary;
using FailoverLab.Dataplane;

namespace FailoverLab.Wan.Tests;

/// <summary>A TCP frame as a sender leaves it when its card is to cut it, and the frames that come of it.</summary>
internal static class UncutTcp
{
    public const int SegmentSize = 1000;
    private const int Ethernet = 14;

    /// <summary>The frame and what its sender says of it.</summary>
    public static (byte[] Frame, OffloadHeader Offload) Make(int payload, bool isIPv6 = false, byte flags = 0x10, bool hasVlanTag = false)
    {
        var (ip, tagBytes) = (isIPv6 ? 40 : 20, hasVlanTag ? 4 : 0);
        var frame = new byte[Ethernet + tagBytes + ip + 20 + payload];
        (frame[5], frame[11]) = (2, 1);
        if (hasVlanTag)
        {
            (frame[12], frame[15]) = (0x81, 7);
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12 + tagBytes), isIPv6 ? (ushort)0x86DD : (ushort)0x0800);
        var packet = frame.AsSpan(Ethernet + tagBytes);
        if (isIPv6)
        {
            (packet[0], packet[6], packet[7], packet[8], packet[24], packet[39]) = (0x60, 6, 64, 0x20, 0x20, 2);
        }
        else
        {
            (packet[0], packet[6], packet[8], packet[9], packet[12], packet[16]) = (0x45, 0x40, 64, 6, 192, 198);
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], ushort.MaxValue - 1);
        }

        var tcp = packet[ip..];
        (tcp[1], tcp[3], tcp[12], tcp[13], tcp[14]) = (5, 80, 5 << 4, flags, 1);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], uint.MaxValue - 1500);
        for (var i = 20; i < tcp.Length; i++)
        {
            tcp[i] = (byte)(i * 31 ^ i >> 8);
        }

        return (frame, new OffloadHeader(
            OffloadHeader.NeedsChecksum, isIPv6 ? SegmentKind.TcpIPv6 : SegmentKind.TcpIPv4, (ushort)(Ethernet + ip + 20), SegmentSize, (ushort)(Ethernet + ip), 16));
    }

    /// <summary>Cuts it.</summary>
    public static List<byte[]> Cut(ReadOnlySpan<byte> frame, OffloadHeader offload, int mostBytes = 1514)
    {
        var (cutter, frames) = (new SegmentCutter(), new List<byte[]>());
        if (cutter.TryOpen(frame, offload, mostBytes, out var segments))
        {
            while (cutter.TryNext(ref segments, out var packet))
            {
                frames.Add(packet.ToArray());
            }
        }

        return frames;
    }
}

using System.Buffers.Binary;
using System.Net;
using FailoverLab.Packets;
using FailoverLab.Testing;

namespace FailoverLab.Analysis.Tests;

/// <summary>Frames of programs that are not ours, and what is made of captures of them.</summary>
internal static class ForeignFrames
{
    public const long T0 = 1_763_700_000_000_000_000;
    public const long Ms = 1_000_000;

    private static readonly IPAddress A = IPAddress.Parse("192.0.2.2");
    private static readonly IPAddress B = IPAddress.Parse("198.51.100.10");
    private static readonly IPAddress A6 = IPAddress.Parse("2001:db8:1::2");
    private static readonly IPAddress B6 = IPAddress.Parse("2001:db8:300::10");

    /// <summary>A UDP datagram of any content.</summary>
    public static byte[] Udp(byte[] payload, ushort port = 5201) => FrameBuilder.Ethernet(false, UdpIp(payload, port));

    /// <summary>The same in our own tunnel.</summary>
    public static byte[] Tunneled(byte[] payload, uint sequence, ushort port = 5201)
    {
        var inner = UdpIp(payload, port);
        var outer = new byte[TunnelHeader.Size + inner.Length];
        new TunnelHeader(TunnelHeader.DataType, 0, 7, sequence, 0).Write(outer);
        inner.CopyTo(outer, TunnelHeader.Size);
        return FrameBuilder.Ethernet(false, FrameBuilder.Ip(IPAddress.Parse("203.0.113.2"), IPAddress.Parse("203.0.113.66"), FrameBuilder.Udp(51820, 51820, outer)));
    }

    /// <summary>iperf3's header and filling.</summary>
    public static byte[] Iperf3(long number, long clockNs, bool wide)
    {
        var payload = new byte[200];
        BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)(clockNs / 1_000_000_000));
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(4), (uint)(clockNs % 1_000_000_000 / 1000));
        if (wide) BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(8), number);
        else BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(8), (uint)number);
        new Random(17).NextBytes(payload.AsSpan(16));
        return payload;
    }

    /// <summary>An RTP packet; number and time wrap as they do in the header.</summary>
    public static byte[] Rtp(long number, long time, byte type = 8, uint source = 0x1234_5678)
    {
        var payload = new byte[172];
        (payload[0], payload[1]) = (0x80, type);
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), (ushort)number);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(4), (uint)time);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(8), source);
        return payload;
    }

    /// <summary>An echo request or reply; the number wraps as it does in the header.</summary>
    public static byte[] Echo(bool reply, long number, bool ipv6 = false, ushort id = 77)
    {
        var message = new byte[64];
        message[0] = (byte)(ipv6 ? (reply ? 129 : 128) : reply ? 0 : 8);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), id);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)number);
        var (from, to) = ipv6 ? (A6, B6) : (A, B);
        return FrameBuilder.Ethernet(ipv6, Protocol(reply ? FrameBuilder.Ip(to, from, message) : FrameBuilder.Ip(from, to, message), ipv6 ? (byte)58 : (byte)1));
    }

    /// <summary>A TCP segment.</summary>
    public static byte[] Tcp(bool backward, uint sequence, uint acknowledgement, int payload, byte flags = 0x10)
    {
        var segment = new byte[20 + payload];
        BinaryPrimitives.WriteUInt16BigEndian(segment, (ushort)(backward ? 80 : 40000));
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(backward ? 40000 : 80));
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), acknowledgement);
        (segment[12], segment[13]) = (0x50, flags);
        return FrameBuilder.Ethernet(false, Protocol(backward ? FrameBuilder.Ip(B, A, segment) : FrameBuilder.Ip(A, B, segment), 6));
    }

    /// <summary>Analyses what was captured.</summary>
    public static Results.RunResult Analyze(this CaptureBuilder captures, AnalysisContext? context = null)
    {
        var directory = Directory.CreateTempSubdirectory("failoverlab-foreign");
        try
        {
            var inputs = captures.WriteTo(directory.FullName).Select(f => new CaptureInput(f.File, Path.GetFileName(f.File))).ToList();
            return CaptureAnalyzer.Analyze(inputs, context ?? AnalysisContext.Empty, CancellationToken.None);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static byte[] UdpIp(byte[] payload, ushort port) => FrameBuilder.Ip(A, B, FrameBuilder.Udp(40000, port, payload));

    private static byte[] Protocol(byte[] ip, byte protocol)
    {
        ip[ip[0] >> 4 == 4 ? 9 : 6] = protocol;
        return ip;
    }
}

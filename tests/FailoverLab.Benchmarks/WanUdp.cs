using System.Net;
using System.Net.Sockets;
using FailoverLab.Linux;

namespace FailoverLab.Benchmarks;

/// <summary>UDP through the kernel's own queues, for what an AF_PACKET sender passes by.</summary>
internal static class WanUdp
{
    private const int Headers = 42;

    /// <summary>Sends datagrams that make frames of a length, at a steady rate.</summary>
    public static void Send(NetworkNamespace space, string address, int count, double perSecond, int frameBytes)
    {
        using var socket = space.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { SendBufferSize = 4 << 20, Blocking = false });
        var target = new IPEndPoint(IPAddress.Parse(address), 9).Serialize();
        var clock = new SystemClock(TimeSpan.FromMicroseconds(50));
        var payload = new byte[frameBytes - Headers];
        var startNs = clock.MonotonicNs;
        for (var i = 0; i < count; i++)
        {
            clock.WaitUntil(startNs + (long)(i * 1e9 / perSecond));
            try
            {
                socket.SendTo(payload, SocketFlags.None, target);
            }
            catch (SocketException)
            {
                // The queue is full, as it should be under more than the rate.
            }
        }
    }

    /// <summary>When frames of that length came.</summary>
    public static List<long> Stamps(CaptureRing ring, int frameBytes)
    {
        var stamps = new List<long>();
        while (ring.TryNext(out var frame))
        {
            if (frame.Kind != FrameKind.Outgoing && frame.OriginalLength == frameBytes)
            {
                stamps.Add(frame.RealtimeNs);
            }
        }

        return stamps;
    }
}

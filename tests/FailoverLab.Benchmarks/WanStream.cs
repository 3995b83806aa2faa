using System.Buffers.Binary;
using FailoverLab.Linux;

namespace FailoverLab.Benchmarks;

/// <summary>Numbered frames at a steady rate, and the kernel's stamps of them at any interface.</summary>
internal static class WanStream
{
    private const ushort EtherType = 0x88B5;
    private const int NumberAt = 14;

    /// <summary>Sends frames, each at its time; late ones follow at once.</summary>
    /// <param name="space">Where from.</param>
    /// <param name="device">By which interface.</param>
    /// <param name="count">How many.</param>
    /// <param name="perSecond">How fast.</param>
    /// <param name="bytes">How long each is.</param>
    /// <param name="spin">How long before each instant to watch the clock instead of sleeping.</param>
    /// <returns>How many the kernel took, and how long it took, s.</returns>
    public static (long Sent, double Seconds) Send(NetworkNamespace space, string device, int count, double perSecond, int bytes, TimeSpan spin = default)
    {
        using var socket = space.Run(() => PacketSocket.Open(device, EtherType));
        ProcessControl.TryRealtimePriority(10);
        var clock = new SystemClock(spin);
        var frame = new byte[bytes];
        frame.AsSpan(0, 6).Fill(0xFF);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), EtherType);
        var startNs = clock.MonotonicNs + 1_000_000;
        long refused = 0;
        for (var i = 0; i < count;)
        {
            clock.WaitUntil(startNs + (long)(i * 1e9 / perSecond));
            var due = Math.Min(count, (int)((clock.MonotonicNs - startNs) * perSecond / 1e9) + 1);
            for (; i < due; i++)
            {
                BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(NumberAt), i);
                refused += socket.Append(frame);
            }

            refused += socket.Flush();
        }

        return (count - refused, (clock.MonotonicNs - startNs) / 1e9);
    }

    /// <summary>On a thread of its own, because the sender's priority must not stay with this one.</summary>
    public static (long Sent, double Seconds) SendApart(NetworkNamespace space, string device, int count, double perSecond, int bytes)
    {
        (long, double) sent = default;
        var thread = new Thread(() => sent = Send(space, device, count, perSecond, bytes, TimeSpan.FromMicroseconds(30)));
        thread.Start();
        thread.Join();
        return sent;
    }

    /// <summary>Listens at an interface with room for everything, so that nothing need be read while it runs.</summary>
    public static CaptureRing Listen(NetworkNamespace space, string device, int count) =>
        space.Run(() => CaptureRing.Open(device, snapLength: 64, ringBytes: Math.Max(8 << 20, count * 512)));

    /// <summary>When each frame came, by number; 0 for one that did not. CLOCK_REALTIME ns.</summary>
    public static long[] Stamps(CaptureRing ring, int count, out int copies)
    {
        var stamps = new long[count];
        copies = 0;
        var deadlineNs = SystemClock.Shared.MonotonicNs + 300_000_000;
        while (SystemClock.Shared.MonotonicNs < deadlineNs)
        {
            while (ring.TryNext(out var frame))
            {
                if (frame.Kind != FrameKind.Outgoing && frame.Data.Length >= NumberAt + 4
                    && BinaryPrimitives.ReadUInt16BigEndian(frame.Data[12..]) == EtherType && BinaryPrimitives.ReadInt32BigEndian(frame.Data[NumberAt..]) is var number && number < count)
                {
                    copies += stamps[number] != 0 ? 1 : 0;
                    stamps[number] = stamps[number] == 0 ? frame.RealtimeNs : stamps[number];
                }
            }
        }

        return stamps;
    }
}

using System.Net;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux.Tests;

internal sealed class CaptureRingTests
{
    [Test]
    public void Capture_TwentyThousandAtTwentyThousandPerSecond_SeesEveryOneAtBothEnds()
    {
        const int Count = 20_000;
        const long IntervalNs = 50_000;
        using var network = PrivateNetwork.WithVeth("address add 192.0.2.1/24 dev a", "neigh add 192.0.2.2 lladdr 02:00:00:00:00:0b dev a");
        using var rings = new RingPair(network);
        var reader = new Thread(() => rings.ReadUntilBoth(Count));
        reader.Start();
        using var sender = network.Namespace.Run(() => UdpSocket.Bind(new(IPAddress.Parse("192.0.2.1"), 0)));
        var destination = DatagramAddress.From(new(IPAddress.Parse("192.0.2.2"), 7000));
        var payload = new byte[200];
        var start = SystemClock.Shared.MonotonicNs;
        for (var i = 0; i < Count; i++)
        {
            BitConverter.TryWriteBytes(payload, i);
            SystemClock.Shared.WaitUntil(start + (i * IntervalNs));
            sender.Send(payload, destination);
        }

        reader.Join();
        Assert.Multiple(() =>
        {
            Assert.That(rings.Near.Numbers, Is.EqualTo(Enumerable.Range(0, Count)));
            Assert.That(rings.Far.Numbers, Is.EqualTo(Enumerable.Range(0, Count)));
            foreach (var end in (Reading[])[rings.Near, rings.Far])
            {
                Assert.That(end.Ring.ReadStatistics(), Is.EqualTo((end.Frames, 0L)));
            }

            Assert.That(rings.Far.Stamps, Is.Ordered);
        });
    }

    [Test]
    public void TryNext_FrameSentThroughTheStack_IsSeenOutgoingAndIncoming()
    {
        using var network = PrivateNetwork.WithVeth("address add 192.0.2.1/24 dev a", "neigh add 192.0.2.2 lladdr 02:00:00:00:00:0b dev a");
        using var near = network.Namespace.Run(() => CaptureRing.Open("a", snapLength: 60));
        using var far = network.Namespace.Run(() => CaptureRing.Open("b", snapLength: 60));
        using var socket = network.Namespace.Run(() => UdpSocket.Bind(new(IPAddress.Parse("192.0.2.1"), 0)));
        socket.Send(new byte[500], DatagramAddress.From(new(IPAddress.Parse("192.0.2.2"), 7000)));
        var sent = Next(near);
        var received = Next(far);
        Assert.That(sent, Is.EqualTo((FrameKind.Outgoing, 60, 542)));
        Assert.That(received, Is.EqualTo((FrameKind.Host, 60, 542)));
        Assert.That(near.HardwareType, Is.EqualTo(1));

        static (FrameKind Kind, int Captured, int Length) Next(CaptureRing ring)
        {
            var set = new PollSet(ring);
            var deadline = TestFrames.Soon();
            while (SystemClock.Shared.MonotonicNs < deadline)
            {
                if (ring.TryNext(out var frame))
                {
                    return (frame.Kind, frame.Data.Length, frame.OriginalLength);
                }

                set.Wait(deadline);
            }

            return default;
        }
    }

    [Test]
    public void TryNext_VlanTagTakenOffByTheKernel_IsPutBack()
    {
        using var network = PrivateNetwork.WithVeth();
        using var ring = network.Namespace.Run(() => CaptureRing.Open("b"));
        using var sender = network.Namespace.Run(() => PacketSocket.Open("a"));
        var plain = TestFrames.Make(5);
        byte[] tagged = [.. plain[..12], 0x81, 0x00, 0x00, 0x2a, .. plain[12..]];
        sender.Write(tagged);
        Assert.That(new PollSet(ring).Wait(TestFrames.Soon()), Is.True);
        Assert.That(ring.TryNext(out var frame), Is.True);
        Assert.That(frame.Data.ToArray(), Is.EqualTo(tagged));
        Assert.That(frame.OriginalLength, Is.EqualTo(tagged.Length));
    }

    /// <summary>The second frame is one that every capture sees, so whoever comes first tells whether the first one was seen.</summary>
    [TestCase(true, false, 3)]
    [TestCase(true, true, 3)]
    [TestCase(false, false, 4)]
    public void TryNext_FrameOfAPacketSocket_IsSeenWhereItIsSentWhenThatIsAsked(bool isSeen, bool trains, int first)
    {
        using var network = PrivateNetwork.WithVeth();
        using var near = network.Namespace.Run(() => CaptureRing.Open("a"));
        using var asked = network.Namespace.Run(() => PacketSocket.Open("a", ring: trains, trains: trains, isSeen: isSeen));
        using var seen = network.Namespace.Run(() => PacketSocket.Open("a", isSeen: true));
        asked.Append(TestFrames.Make(3));
        Assert.That(asked.Flush(), Is.Zero);
        Assert.That(seen.Write(TestFrames.Make(4)), Is.EqualTo(SendOutcome.Sent));
        Assert.That(new PollSet(near).Wait(TestFrames.Soon()), Is.True);
        Assert.That(near.TryNext(out var frame), Is.True);
        Assert.That((TestFrames.Number(frame.Data), frame.Kind), Is.EqualTo((first, FrameKind.Outgoing)));
    }

    [Test]
    public void Capture_InterfaceDownAndUp_GoesOn()
    {
        using var network = PrivateNetwork.WithVeth();
        using var ring = network.Namespace.Run(() => CaptureRing.Open("b"));
        using var sender = network.Namespace.Run(() => PacketSocket.Open("a"));
        var set = new PollSet(ring);
        network.Namespace.Run(() => InterfaceControl.SetDown("b"));
        Assert.That(set.Wait(TestFrames.Soon()), Is.True);
        Assert.That((ring.TryNext(out _), ring.DownCount, ring.IsGone, set.Wait(0)), Is.EqualTo((false, 1, false, false)));
        network.Namespace.Run(() => InterfaceControl.SetUp("b"));
        sender.Write(TestFrames.Make(9));
        Assert.That(set.Wait(TestFrames.Soon()), Is.True);
        Assert.That(ring.TryNext(out var frame), Is.True);
        Assert.That(TestFrames.Number(frame.Data), Is.EqualTo(9));
    }

    [Test]
    public void TryNext_NobodyReads_DropsAreCounted()
    {
        const int Count = 3000;
        using var network = PrivateNetwork.WithVeth();
        using var ring = network.Namespace.Run(() => CaptureRing.Open("b", ringBytes: 1));
        using var sender = network.Namespace.Run(() => PacketSocket.Open("a"));
        var frame = TestFrames.Make(0, 1000);
        for (var i = 0; i < Count; i++)
        {
            sender.Write(frame);
        }

        var read = 0;
        while (ring.TryNext(out _))
        {
            read++;
        }

        var (received, dropped) = ring.ReadStatistics();
        Assert.That(dropped, Is.GreaterThan(0));
        Assert.That(received, Is.EqualTo(Count));
        Assert.That(read, Is.LessThanOrEqualTo(Count - dropped));
    }

    private sealed class Reading(CaptureRing ring)
    {
        public CaptureRing Ring => ring;

        public List<int> Numbers { get; } = [];

        public List<long> Stamps { get; } = [];

        public long Frames { get; private set; }

        public void Take()
        {
            while (ring.TryNext(out var frame))
            {
                Frames++;
                if (frame.OriginalLength == 242)
                {
                    Numbers.Add(BitConverter.ToInt32(frame.Data[42..]));
                    Stamps.Add(frame.RealtimeNs);
                }
            }
        }
    }

    private sealed class RingPair(PrivateNetwork network) : IDisposable
    {
        public Reading Near { get; } = new(network.Namespace.Run(() => CaptureRing.Open("a", snapLength: 96)));

        public Reading Far { get; } = new(network.Namespace.Run(() => CaptureRing.Open("b", snapLength: 96)));

        public void ReadUntilBoth(int count)
        {
            var set = new PollSet(Near.Ring, Far.Ring);
            var deadline = SystemClock.Shared.MonotonicNs + 10_000_000_000;
            while ((Near.Numbers.Count < count || Far.Numbers.Count < count) && SystemClock.Shared.MonotonicNs < deadline)
            {
                set.Wait(deadline);
                Near.Take();
                Far.Take();
            }
        }

        public void Dispose()
        {
            Near.Ring.Dispose();
            Far.Ring.Dispose();
        }
    }
}

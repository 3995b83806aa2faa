namespace FailoverLab.Linux.Tests;

internal sealed class CaptureRingTests
{
    [Test]
    public void Capture_TwentyThousandAtTwentyThousandPerSecond_SeesEveryOneAtBothEnds()
    {
        const int Count = 20_000;
        const long IntervalNs = 50_000;
        using var network = PrivateNetwork.WithVeth();
        using var rings = new RingPair(network);
        var reader = new Thread(() => rings.ReadUntilBoth(Count));
        reader.Start();
        using var sender = network.Namespace.Run(() => PacketSocket.Open("a", TestFrames.EtherType));
        var frame = TestFrames.Make(0, 200);
        var start = SystemClock.Shared.MonotonicNs;
        for (var i = 0; i < Count; i++)
        {
            TestFrames.SetNumber(frame, i);
            SystemClock.Shared.WaitUntil(start + (i * IntervalNs));
            sender.Write(frame);
        }

        reader.Join();
        Assert.Multiple(() =>
        {
            Assert.That(rings.Far.Numbers, Is.EqualTo(Enumerable.Range(0, Count)));
            Assert.That(rings.Far.Ring.Dropped, Is.Zero);
            Assert.That(rings.Far.Ring.Seen, Is.EqualTo(rings.Far.Frames));
            Assert.That(rings.Far.Stamps, Is.Ordered);
        });
    }

    [Test]
    public void TryNext_FrameSentThroughTheStack_IsSeenOutgoingAndIncoming()
    {
        using var network = PrivateNetwork.WithVeth("address add 192.0.2.1/24 dev a", "neigh add 192.0.2.2 lladdr 02:00:00:00:00:0b dev a");
        using var near = network.Namespace.Run(() => CaptureRing.Open("a", snapLength: 60));
        using var far = network.Namespace.Run(() => CaptureRing.Open("b", snapLength: 60));
        using var socket = network.Namespace.Run(() => UdpSocket.Bind(new(System.Net.IPAddress.Parse("192.0.2.1"), 0)));
        socket.Send(new byte[500], Dataplane.DatagramAddress.From(new(System.Net.IPAddress.Parse("192.0.2.2"), 7000)));
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

        ring.ReadStatistics();
        Assert.That(ring.Dropped, Is.GreaterThan(0));
        Assert.That(ring.Seen, Is.EqualTo(Count));
        Assert.That(read, Is.LessThanOrEqualTo(Count - ring.Dropped));
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
                if (frame.Data[12] == TestFrames.EtherType >> 8)
                {
                    Numbers.Add(TestFrames.Number(frame.Data));
                    Stamps.Add(frame.RealtimeNs);
                }
            }
        }
    }

    private sealed class RingPair(PrivateNetwork network) : IDisposable
    {
        public Reading Far { get; } = new(network.Namespace.Run(() => CaptureRing.Open("b", snapLength: 96)));

        public void ReadUntilBoth(int count)
        {
            var set = new PollSet(Far.Ring);
            var deadline = SystemClock.Shared.MonotonicNs + 10_000_000_000;
            while (Far.Numbers.Count < count && SystemClock.Shared.MonotonicNs < deadline)
            {
                set.Wait(deadline);
                Far.Take();
            }

            Far.Ring.ReadStatistics();
        }

        public void Dispose() => Far.Ring.Dispose();
    }
}

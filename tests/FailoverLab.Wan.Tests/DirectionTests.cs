using FailoverLab.Dataplane;
using FailoverLab.Emulator;
using FailoverLab.Linux;
using FailoverLab.Primitives;

namespace FailoverLab.Wan.Tests;

internal sealed class DirectionTests
{
    [Test]
    public void TakeInAndSendDue_RunningLink_AllocateNothing([Values] bool ring)
    {
        using var cables = new TwoCables(ring: ring);
        using var lan = cables.Inside(() => PacketSocket.Open("lan", 0x88B5, ring: ring));
        using var wan = cables.Inside(() => PacketSocket.Open("wan", 0x88B5, ring: ring));
        var pipeline = new LinkPipeline(
            new() { Loss = new Ratio(0.01), Jitter = TimeSpan.FromMilliseconds(0.1), Rate = new DataRate(1_000_000_000) }, new SeededRandom(1));
        var direction = new Direction(lan, wan, pipeline, SystemClock.Shared, new LatencyHistogram(), gate: null);
        var frame = TwoCables.Frame(1);
        Pass(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(5000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(pipeline.Counters.Forwarded, Is.InRange(5700, 6000));

        void Pass(int count)
        {
            for (var i = 0; i < count; i++)
            {
                cables.Site.Write(frame);
                direction.TakeIn();
                direction.SendDue();
            }
        }
    }

    /// <summary>As <c>wan</c> runs: what came uncut is cut, and goes on as trains that the kernel cuts again.</summary>
    [Test]
    public void TakeInAndSendDue_UncutTrains_AllocateNothing()
    {
        using var cables = new TwoCables(trains: true);
        cables.Link.Stop();
        using var site = Open("site");
        using var lan = Open("lan");
        using var wan = Open("wan");
        var pipeline = new LinkPipeline(new() { LossPattern = new BurstLoss(new Ratio(0.001), 3) }, new SeededRandom(1));
        var direction = new Direction(lan, wan, pipeline, SystemClock.Shared, new LatencyHistogram(), gate: null);
        var (frame, offload) = UncutTcp.Make(payload: 20_000);
        var segments = UncutTcp.Cut(frame, offload).Count;
        Pass(100);
        var (before, forwarded) = (GC.GetAllocatedBytesForCurrentThread(), pipeline.Counters.Forwarded);
        Pass(500);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(pipeline.Counters.Forwarded - forwarded, Is.InRange(480 * segments, 500 * segments));

        PacketSocket Open(string name) => cables.Inside(() => PacketSocket.Open(name, ring: true, trains: true));

        void Pass(int count)
        {
            for (var i = 0; i < count; i++)
            {
                site.SendTrain(frame, offload, segments);
                direction.TakeIn();
                direction.SendDue();
            }
        }
    }

    [Test]
    public void TakeIn_StoodStillAfterReadingTheClock_FrameCountsFromItsStamp()
    {
        using var cables = new TwoCables();
        using var lan = cables.Inside(() => PacketSocket.Open("lan", 0x88B5));
        using var wan = cables.Inside(() => PacketSocket.Open("wan", 0x88B5));
        var clock = new PausingClock();
        var direction = new Direction(lan, wan, new LinkPipeline(new(), new SeededRandom(1)), clock, new LatencyHistogram(), gate: null);
        var earliestNs = SystemClock.Shared.MonotonicNs;
        cables.Site.Write(TwoCables.Frame(1));
        var latestNs = SystemClock.Shared.MonotonicNs;

        clock.ReadOnceAsOf(earliestNs - 15_000_000, SystemClock.Shared.RealtimeNs - (SystemClock.Shared.MonotonicNs - (earliestNs - 15_000_000)));
        direction.TakeIn();

        Assert.That(direction.LastArrivalNs, Is.InRange(earliestNs, latestNs + 1_000_000), "as if it had arrived during the pause it would come out early");
    }

    [Test]
    public void SendDue_MoreArrivedBeforeAChangeThanAreReadAtOnce_TheyMeetTheValuesOfBefore()
    {
        const int Count = 300;
        using var cables = new TwoCables();
        using var lan = cables.Inside(() => PacketSocket.Open("lan", 0x88B5));
        using var wan = cables.Inside(() => PacketSocket.Open("wan", 0x88B5));
        var pipeline = new LinkPipeline(new(), new SeededRandom(1));
        var direction = new Direction(lan, wan, pipeline, SystemClock.Shared, new LatencyHistogram(), gate: null);
        for (var i = 0; i < Count; i++)
        {
            cables.Site.Write(TwoCables.Frame(i));
        }

        pipeline.ChangeAt(SystemClock.Shared.MonotonicNs, link => link with { Drop = true });
        while (pipeline.NextChangeNs != long.MaxValue)
        {
            direction.TakeIn();
            direction.SendDue();
        }

        Assert.That((pipeline.Counters.Forwarded, pipeline.Impairments.Drop), Is.EqualTo((Count, true)));
    }

    /// <summary>The machine's clocks, read once as if that had been earlier: the thread stood still since.</summary>
    private sealed class PausingClock : IClock
    {
        private (long MonotonicNs, long RealtimeNs) _before;
        private int _left;

        public long MonotonicNs => _left-- > 0 ? _before.MonotonicNs : SystemClock.Shared.MonotonicNs;

        public long RealtimeNs => _left-- > 0 ? _before.RealtimeNs : SystemClock.Shared.RealtimeNs;

        /// <summary>One reading of both: the one, the other, the one again.</summary>
        public void ReadOnceAsOf(long monotonicNs, long realtimeNs) => (_before, _left) = ((monotonicNs, realtimeNs), 3);

        public void WaitUntil(long monotonicNs) => SystemClock.Shared.WaitUntil(monotonicNs);
    }
}

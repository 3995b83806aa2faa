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
}

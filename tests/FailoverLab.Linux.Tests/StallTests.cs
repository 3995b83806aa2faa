using FailoverLab.Dataplane;

namespace FailoverLab.Linux.Tests;

public sealed class StallTests
{
    private const long MillisecondNs = 1_000_000;

    [Test]
    public void Join_StallsOfTwoProcessorsAtOneTime_AreOne()
    {
        var joined = StallLog.Join([new Stall(50, 20, true), new Stall(10, 30, true), new Stall(20, 10, true), new Stall(55, 40, true)]);

        Assert.That(joined, Is.EqualTo(new[] { new Stall(10, 30, true), new Stall(50, 45, true) }));
    }

    [Test]
    public void Join_OneAfterAnother_StayTwo() =>
        Assert.That(StallLog.Join([new Stall(10, 5, true), new Stall(16, 5, true)]), Has.Count.EqualTo(2));

    [Test]
    public void Join_OfTwoKinds_StayTwo() =>
        Assert.That(StallLog.Join([new Stall(10, 50, true), new Stall(16, 5, false)]), Has.Count.EqualTo(2));

    [Test]
    public void Seen_EveryWaitEndsLate_HoldsStallsOfThatLength()
    {
        using var watch = new StallWatch(new LateClock(20 * MillisecondNs), TimeSpan.FromMilliseconds(15));

        Assert.That(() => watch.Seen().Count, Is.GreaterThan(0).After(60_000, 1));
        Assert.That(watch.Seen().Select(s => s.DurationNs), Has.All.GreaterThanOrEqualTo(20 * MillisecondNs));
    }

    [Test]
    public void Processors_HereAndNow_CanBeRunOn()
    {
        var processors = ProcessControl.Processors();
        Assert.That(processors, Is.Not.Empty);
        var ran = true;
        var thread = new Thread(() => ran = processors.All(ProcessControl.TryRunOn));
        thread.Start();
        thread.Join();
        Assert.That(ran);
    }

    /// <summary>A machine on which every wait ends so much too late.</summary>
    private sealed class LateClock(long lateNs) : IClock
    {
        public long MonotonicNs => SystemClock.Shared.MonotonicNs;

        public long RealtimeNs => SystemClock.Shared.RealtimeNs;

        public void WaitUntil(long monotonicNs) => SystemClock.Shared.WaitUntil(monotonicNs + lateNs);
    }
}

using FailoverLab.Emulator;
using FailoverLab.Linux;
using FailoverLab.Primitives;

namespace FailoverLab.Wan.Tests;

[TestFixture(true)]
[TestFixture(false)]
internal sealed class WanLinkTests(bool ring)
{
    private const long MillisecondNs = 1_000_000;

    [Test]
    public void Link_NoImpairments_ForwardsBothWaysInOrder()
    {
        using var cables = new TwoCables(ring: ring);
        for (var i = 0; i < 500; i++)
        {
            cables.Site.Write(TwoCables.Frame(i));
            cables.Far.Write(TwoCables.Frame(1000 + i));
        }

        var up = TwoCables.Receive(cables.Far, 500, TwoCables.Soon());
        var down = TwoCables.Receive(cables.Site, 500, TwoCables.Soon());
        Assert.That(up.Select(f => f.Number), Is.EqualTo(Enumerable.Range(0, 500)));
        Assert.That(down.Select(f => f.Number), Is.EqualTo(Enumerable.Range(1000, 500)));
        var counters = cables.Link.Counters;
        Assert.That((counters.Up.Forwarded, counters.Down.Forwarded, counters.RefusedByKernel), Is.EqualTo((500, 500, 0)));
    }

    [Test]
    public void Link_TwentyMillisecondDelay_IsKeptByKernelStamps()
    {
        const int Count = 200;
        using var cables = new TwoCables(new() { Delay = TimeSpan.FromMilliseconds(20) }, ring: ring);
        using var entering = cables.Inside(() => CaptureRing.Open("lan"));
        var start = SystemClock.Shared.MonotonicNs;
        for (var i = 0; i < Count; i++)
        {
            SystemClock.Shared.WaitUntil(start + (i * MillisecondNs));
            cables.Site.Write(TwoCables.Frame(i));
        }

        var left = TwoCables.Receive(cables.Far, Count, TwoCables.Soon());
        var entered = Stamps(entering, Count);
        Assert.That(left, Has.Count.EqualTo(Count));
        var delays = left.Select(f => f.StampNs - entered[f.Number]).Order().ToList();
        TestContext.Out.WriteLine($"delay min {delays[0]} median {delays[Count / 2]} max {delays[^1]} ns");
        Assert.That(delays[0], Is.GreaterThanOrEqualTo(20 * MillisecondNs));
        Assert.That(delays[Count / 2], Is.LessThan(25 * MillisecondNs));
    }

    [Test]
    public void Apply_DropOneDirection_OthersValuesAndDirectionStay()
    {
        using var cables = new TwoCables(new() { Delay = TimeSpan.FromMilliseconds(5) }, ring: ring);
        var before = SystemClock.Shared.RealtimeNs;
        var tookEffectNs = cables.Link.Apply(LinkDirections.Up, now => now with { Drop = true });
        Assert.That(tookEffectNs, Is.InRange(before, SystemClock.Shared.RealtimeNs));
        for (var i = 0; i < 50; i++)
        {
            cables.Site.Write(TwoCables.Frame(i));
            cables.Far.Write(TwoCables.Frame(i));
        }

        Assert.That(TwoCables.Receive(cables.Site, 50, TwoCables.Soon()), Has.Count.EqualTo(50));
        Assert.That(TwoCables.Receive(cables.Far, 1, TwoCables.Soon(50)), Is.Empty);
        Assert.That(cables.Link.Counters.Up.DroppedByDrop, Is.EqualTo(50));
        Assert.That(cables.Link.Read(LinkDirections.Up), Is.EqualTo(new LinkImpairments { Delay = TimeSpan.FromMilliseconds(5), Drop = true }));

        cables.Link.Apply(LinkDirections.Up, now => now with { Drop = false });
        cables.Site.Write(TwoCables.Frame(99));
        Assert.That(TwoCables.Receive(cables.Far, 1, TwoCables.Soon()).Select(f => f.Number), Is.EqualTo(new[] { 99 }));
    }

    [Test]
    public void Link_GateByStamp_DecidesByTheStampThatCapturesShow()
    {
        const int Count = 400;
        static bool IsOpen(long stampNs) => stampNs / MillisecondNs % 2 == 0;
        using var cables = new TwoCables(gate: (_, stampNs) => IsOpen(stampNs), ring: ring);
        using var entering = cables.Inside(() => CaptureRing.Open("lan"));
        var startNs = SystemClock.Shared.MonotonicNs;
        for (var i = 0; i < Count; i++)
        {
            SystemClock.Shared.WaitUntil(startNs + (i * MillisecondNs / 4));
            cables.Site.Write(TwoCables.Frame(i));
        }

        var entered = Stamps(entering, Count);
        var expected = Enumerable.Range(0, Count).Where(i => IsOpen(entered[i])).ToList();
        Assert.That(expected, Has.Count.InRange(1, Count - 1));
        Assert.That(TwoCables.Receive(cables.Far, expected.Count, TwoCables.Soon()).Select(f => f.Number), Is.EqualTo(expected));
    }

    [Test]
    public void Apply_Loss_LosesWhatTheSeedSays()
    {
        const int Count = 1000;
        using var cables = new TwoCables(new() { Loss = new Ratio(0.15) }, ring: ring);
        var expected = new LinkPipeline(new() { Loss = new Ratio(0.15) }, new SeededRandom(1).Split("test/up"));
        var survivors = Enumerable.Range(0, Count).Where(_ => expected.Enqueue(new byte[100], 0)).ToList();
        for (var i = 0; i < Count; i++)
        {
            cables.Site.Write(TwoCables.Frame(i));
        }

        Assert.That(TwoCables.Receive(cables.Far, survivors.Count, TwoCables.Soon()).Select(f => f.Number), Is.EqualTo(survivors));
    }

    [Test]
    public void SetCarrier_DownAndUp_FarEndsLoseItAndTrafficReturns()
    {
        using var cables = new TwoCables(ring: ring);
        cables.Link.SetCarrier(false);
        var (site, far) = cables.Inside(() => (InterfaceControl.HasCarrier("site"), InterfaceControl.HasCarrier("far")));
        Assert.That((site, far), Is.EqualTo((false, false)));
        cables.Site.Write(TwoCables.Frame(1));

        cables.Link.SetCarrier(true);
        Assert.That(cables.Inside(() => InterfaceControl.HasCarrier("site")), Is.True);
        cables.Site.Write(TwoCables.Frame(2));
        Assert.That(TwoCables.Receive(cables.Far, 1, TwoCables.Soon()).Select(f => f.Number), Is.EqualTo(new[] { 2 }));
        Assert.That(cables.Link.IsRunning, Is.True);
    }

    [Test]
    public void SetCarrier_OneInterfaceIsGone_TheOtherIsUpAgain()
    {
        using var cables = new TwoCables(ring: ring);
        cables.Link.SetCarrier(false);
        cables.Ip("link del dev site");

        Assert.That(() => cables.Link.SetCarrier(true), Throws.TypeOf<LinuxException>());
        Assert.That(cables.Inside(() => InterfaceControl.IsUp("wan")), Is.True);
    }

    [Test]
    public void Link_InterfaceVanishes_StopsAndSaysSo()
    {
        using var cables = new TwoCables(ring: ring);

        cables.Ip("link del dev far");

        AssertStops(cables);
    }

    /// <summary>The kernel tells a socket that its interface is down, and then no more.</summary>
    [Test]
    public void Link_InterfaceVanishesWhileItIsDown_StopsAndSaysSo()
    {
        using var cables = new TwoCables(ring: ring);
        cables.Ip("link set dev wan down");
        SystemClock.Shared.WaitUntil(SystemClock.Shared.MonotonicNs + (50 * MillisecondNs));
        Assert.That(cables.Link.IsRunning, Is.True, "it may come up again");

        cables.Ip("link del dev far");

        AssertStops(cables);
    }

    private static void AssertStops(TwoCables cables)
    {
        var deadline = TwoCables.Soon();
        while (cables.Link.IsRunning && SystemClock.Shared.MonotonicNs < deadline)
        {
            SystemClock.Shared.WaitUntil(SystemClock.Shared.MonotonicNs + MillisecondNs);
        }

        Assert.That(cables.Link.IsRunning, Is.False);
        Assert.That(cables.Failures, Has.One.Items.And.All.Contains("wan"));
    }

    [Test]
    public async Task ApplyAt_TwoLinks_SwitchByThePacketsStamps()
    {
        const int Count = 400;
        using var one = new TwoCables(ring: ring);
        using var two = new TwoCables(ring: ring);
        using var entersOne = one.Inside(() => CaptureRing.Open("lan"));
        using var entersTwo = two.Inside(() => CaptureRing.Open("lan"));
        var atNs = SystemClock.Shared.RealtimeNs + (50 * MillisecondNs);
        var switched = WanGroup.ApplyAt([one.Link, two.Link], atNs, LinkDirections.Up, now => now with { Drop = true });
        var startNs = SystemClock.Shared.MonotonicNs;
        for (var i = 0; i < Count; i++)
        {
            SystemClock.Shared.WaitUntil(startNs + (i * MillisecondNs / 4));
            one.Site.Write(TwoCables.Frame(i));
            two.Site.Write(TwoCables.Frame(i));
        }

        foreach (var (cables, entering) in (ReadOnlySpan<(TwoCables, CaptureRing)>)[(one, entersOne), (two, entersTwo)])
        {
            var before = Stamps(entering, Count).Count(stampNs => stampNs < atNs);
            Assert.That(before, Is.InRange(1, Count - 1));
            Assert.That(TwoCables.Receive(cables.Far, before + 1, TwoCables.Soon(100)), Has.Count.EqualTo(before));
        }

        Assert.That(await switched, Is.All.GreaterThanOrEqualTo(atNs));
    }

    [Test]
    public async Task Plan_CalledOff_LeavesTheLinkAndTheNextOneIsMade()
    {
        using var cables = new TwoCables(ring: ring);
        var atNs = SystemClock.Shared.MonotonicNs + (20 * MillisecondNs);
        var off = cables.Link.Plan(atNs, LinkDirections.Both, now => now with { Drop = true });
        var made = cables.Link.Plan(atNs, LinkDirections.Both, now => now with { Mtu = 1000 });
        off.CallOff();

        Assert.That(await made.Switched, Is.GreaterThanOrEqualTo(made.EffectNs));
        Assert.That(off.Switched.IsCompleted, Is.False);
        Assert.That(cables.Link.Read(LinkDirections.Up), Is.EqualTo(new LinkImpairments { Mtu = 1000 }));
    }

    [Test]
    public void Plan_InstantHasPassed_IsMadeNow()
    {
        using var cables = new TwoCables(ring: ring);
        var before = SystemClock.Shared.RealtimeNs;
        var planned = cables.Link.Plan(SystemClock.Shared.MonotonicNs - MillisecondNs, LinkDirections.Down, now => now with { Drop = true });

        Assert.That(planned.Switched.IsCompletedSuccessfully);
        Assert.That(planned.EffectNs, Is.InRange(before, SystemClock.Shared.RealtimeNs));
        Assert.That((cables.Link.Read(LinkDirections.Up).Drop, cables.Link.Read(LinkDirections.Down).Drop), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task ApplyAt_CarrierTakenAway_FarEndsLoseIt()
    {
        using var cables = new TwoCables(ring: ring);
        await cables.Link.ApplyAt(SystemClock.Shared.RealtimeNs + MillisecondNs, LinkDirections.Both, now => now with { HasCarrier = false });
        var deadline = TwoCables.Soon();
        while (cables.Inside(() => InterfaceControl.HasCarrier("far")) && SystemClock.Shared.MonotonicNs < deadline)
        {
            SystemClock.Shared.WaitUntil(SystemClock.Shared.MonotonicNs + MillisecondNs);
        }

        Assert.That(cables.Inside(() => InterfaceControl.HasCarrier("far")), Is.False);
    }

    [Test]
    public void TakeFates_LogAsked_TellsEveryPacket()
    {
        const int Count = 300;
        using var cables = new TwoCables(new() { Loss = new Ratio(0.3), Delay = TimeSpan.FromMilliseconds(1) }, ring: ring);
        for (var i = 0; i < Count; i++)
        {
            cables.Site.Write(TwoCables.Frame(i));
        }

        var fates = new PacketFate[2 * Count];
        var taken = 0;
        var deadline = TwoCables.Soon();
        while (taken < Count && SystemClock.Shared.MonotonicNs < deadline)
        {
            taken += cables.Link.TakeFates(LinkDirections.Up, fates.AsSpan(taken), out _, out _);
        }

        var passed = fates[..taken].Where(f => f.End == PacketEnd.Passed).ToList();
        Assert.That(taken, Is.EqualTo(Count));
        Assert.That(TwoCables.Receive(cables.Far, passed.Count, TwoCables.Soon()).Select(f => (long)f.Number), Is.EqualTo(passed.Select(f => f.Index)));
        Assert.That(passed.Select(f => f.DueNs - f.ArrivalNs), Is.All.GreaterThanOrEqualTo(MillisecondNs));
    }

    private static List<long> Stamps(CaptureRing ring, int count)
    {
        var stamps = new List<long>();
        var set = new PollSet(ring);
        var deadline = TwoCables.Soon();
        while (stamps.Count < count && SystemClock.Shared.MonotonicNs < deadline)
        {
            while (ring.TryNext(out var frame))
            {
                if (frame.Kind != FrameKind.Outgoing)
                {
                    stamps.Add(frame.RealtimeNs);
                }
            }

            set.Wait(deadline);
        }

        return stamps;
    }
}

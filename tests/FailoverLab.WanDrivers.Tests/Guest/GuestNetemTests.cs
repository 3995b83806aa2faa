using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;
using FailoverLab.Testing;

namespace FailoverLab.WanDrivers.Tests;

/// <summary>The driver against a true kernel's netem, over a serial line, audited by real packets.</summary>
public class GuestNetemTests
{
    private const int Pace = 4000;

    /// <summary>So much later than asked a link's slow packets may be in the audit of a run.</summary>
    private const long LinkAuditLateNs = 5_000_000;

    private SerialShell _shell = null!;
    private NetemDriver _driver = null!;
    private LinkSnapshot _found = null!;

    [SetUp]
    public async Task Begin()
    {
        _shell = await Guest.ShellAsync();
        _driver = new NetemDriver("byu", _shell, "ens18", "ens19");
        _found = await _driver.SnapshotAsync(CancellationToken.None);
    }

    [TearDown]
    public async Task Undo()
    {
        if (_driver is not null)
        {
            await _driver.UndoAsync(_found, CancellationToken.None);
            await _driver.DisposeAsync();
        }
    }

    [Test]
    public void Machine_WithoutNetem_PassesEveryPacketInOrder()
    {
        var up = Up(4000);

        Assert.That((up.Lost, up.Duplicates, up.IsInOrder), Is.EqualTo((0, 0, true)));
    }

    [Test]
    public async Task Apply_Delay_HoldsEveryPacketAtLeastThatLongAndOnlyThatWay()
    {
        var applied = await ApplyAsync(LinkDirection.Up, new() { Delay = TimeSpan.FromMilliseconds(20) });
        var (up, down) = (Up(1000), Down(300));

        Assert.That(applied.Up!.Delay, Is.EqualTo(TimeSpan.FromMilliseconds(20)));
        Assert.That(applied.Down, Is.Null);
        Assert.That(applied.NotBeforeRealtimeNs, Is.LessThan(applied.AtRealtimeNs));
        Assert.That((up.Lost, up.IsInOrder), Is.EqualTo((0, true)));
        // tc counts in ticks of 64 ns, rounded down.
        Assert.That(up.Arrived.Min(a => a.DelayNs), Is.GreaterThanOrEqualTo(20_000_000 - 64));
        Assert.That(down.Arrived.Min(a => a.DelayNs), Is.LessThan(20_000_000), "the other way is as it was");
    }

    [Test]
    public async Task Apply_Loss_LosesWithinTheExactInterval()
    {
        await ApplyAsync(LinkDirection.Up, new() { Loss = new Ratio(0.15) });
        await ApplyAsync(LinkDirection.Down, new() { Loss = new Ratio(0.02) });

        AssertLoss(Up, 4000, 0.15);
        AssertLoss(Down, 4000, 0.02);
    }

    [Test]
    public async Task Apply_Jitter_KeepsOrderUnlessAskedOtherwise()
    {
        await ApplyAsync(LinkDirection.Up, new() { Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(20) });
        var kept = Up(2000);
        await ApplyAsync(LinkDirection.Up, new() { Overtake = true });
        var free = Up(2000);

        Assert.That((kept.Lost, kept.IsInOrder), Is.EqualTo((0, true)));
        Assert.That(kept.Arrived.Min(a => a.DelayNs), Is.GreaterThanOrEqualTo(9_999_000));
        Assert.That((free.Lost, free.IsInOrder), Is.EqualTo((0, false)));
        Assert.That(free.Arrived.Min(a => a.DelayNs), Is.GreaterThanOrEqualTo(9_999_000));
        Assert.That(free.Arrived.Count(a => a.DelayNs > 20_000_000), Is.GreaterThan(500), "the upper half of the range is used");
    }

    [Test]
    public async Task Apply_OneParameter_LosesNoneOfTheOthers()
    {
        var rate = new DataRate(50_000_000);
        await ApplyAsync(LinkDirection.Up, new() { Delay = TimeSpan.FromMilliseconds(20), Rate = rate, Duplicate = new Ratio(0.03), Corrupt = new Ratio(0.02) });
        await ApplyAsync(LinkDirection.Up, new() { LossModel = new GilbertElliottPlan(new(0.05), new(0.25), new(0.8), new(0)) });
        var applied = await ApplyAsync(LinkDirection.Up, new() { Delay = TimeSpan.FromMilliseconds(30) });

        Assert.That(applied.Up!.Rate, Is.EqualTo(rate));
        Assert.That(applied.Up.Delay, Is.EqualTo(TimeSpan.FromMilliseconds(30)));
        Assert.That(applied.Up.Duplicate!.Value.Value, Is.EqualTo(0.03).Within(1e-6));
        Assert.That(applied.Up.Corrupt!.Value.Value, Is.EqualTo(0.02).Within(1e-6));
        Assert.That(applied.Up.LossModel, Is.InstanceOf<GilbertElliottPlan>());

        // The rate, the corruption and the model go again, by name and in place.
        var plain = await ApplyAsync(LinkDirection.Up, new() { Rate = LinkChange.Unlimited, Corrupt = new Ratio(0), Duplicate = new Ratio(0), Loss = new Ratio(0) });
        Assert.That((plain.Up!.Rate, plain.Up.Delay, plain.Up.LossModel), Is.EqualTo((LinkChange.Unlimited, TimeSpan.FromMilliseconds(30), (LossPlan?)null)));
        Assert.That(Up(500).Lost, Is.Zero);
    }

    [Test]
    public async Task Apply_ByAnotherDriverLater_KeepsWhatTheFirstSet()
    {
        await ApplyAsync(LinkDirection.Both, new() { Delay = TimeSpan.FromMilliseconds(15), Loss = new Ratio(0.125) });
        await using var second = new NetemDriver("byu", _shell, "ens18", "ens19");

        var applied = await second.ApplyAsync(LinkDirection.Up, new LinkChange { Delay = TimeSpan.FromMilliseconds(25) }, CancellationToken.None);

        Assert.That((applied.Up!.Delay, applied.Up.Loss!.Value.Value), Is.EqualTo((TimeSpan.FromMilliseconds(25), 0.125)));
    }

    [Test]
    public async Task Apply_GilbertElliott_LosesItsMeanInBursts()
    {
        var model = new GilbertElliottPlan(new(0.02), new(0.2), new(1), new(0));
        await ApplyAsync(LinkDirection.Up, new() { LossModel = model });

        var up = Up(6000);
        var arrived = up.Arrived.Select(a => a.Number).ToHashSet();
        var bursts = Enumerable.Range(1, 5999).Count(n => !arrived.Contains(n) && arrived.Contains(n - 1));

        // The variance of a two-state chain is that of independent packets times (2 - p - r)/(p + r); 4.5 deviations fail once in 150,000.
        var mean = 6000 * model.MeanShare;
        var deviation = Math.Sqrt(6000 * model.MeanShare * (1 - model.MeanShare) * (2 - 0.22) / 0.22);
        Assert.That(up.Lost, Is.EqualTo(mean).Within(4.5 * deviation));
        Assert.That((double)up.Lost / bursts, Is.EqualTo(5).Within(2), "a stay in the bad state is 1/r packets on average");
    }

    /// <summary>
    /// Each frame of 500 bytes takes a millisecond at 4 Mbit/s, and they are offered twice as fast: none may come out before those ahead of it are through,
    /// and the last no later than that but for what the machine takes for the same frames with nothing applied.
    /// </summary>
    [Test]
    public async Task Apply_Rate_EachFrameWaitsForThoseAheadAndNoneIsLostInTheQueue()
    {
        const int Frames = 1000;
        const long FirstNs = 10_000_000;
        const long EachNs = 1_000_000;

        // A guest finds the pace of its clock when it boots, to 500 ppm.
        const double ClockPace = 0.0005;
        const int Attempts = 3;
        var words = "";
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            await ApplyAsync(LinkDirection.Up, new() { Rate = LinkChange.Unlimited, Delay = TimeSpan.Zero, Queue = new() { Packets = 2000 } });
            var bareNs = Send().Arrived.Max(a => a.DelayNs);
            await ApplyAsync(LinkDirection.Up, new() { Rate = new DataRate(4_000_000), Delay = TimeSpan.FromMilliseconds(10) });
            var up = Send();

            Assert.That((up.Lost, up.IsInOrder), Is.EqualTo((0, true)));
            var exits = up.Arrived.Select(a => up.SentNs[a.Number] + a.DelayNs - up.SentNs[0]).ToList();
            Assert.That(exits.Select((at, n) => at - ((FirstNs + ((n + 1) * EachNs)) * (1 - ClockPace))).Min(), Is.Positive, "none is early");
            var lateNs = exits[^1] - ((FirstNs + (Frames * EachNs)) * (1 + ClockPace)) - bareNs - LinkAuditLateNs;
            words = $"the last came {exits[^1] / 1e6:0.000} ms after the first was sent; with nothing applied the slowest took {bareNs / 1e6:0.000} ms";
            await TestContext.Out.WriteLineAsync(words);
            if (lateNs <= 0)
            {
                return;
            }
        }

        Assert.Fail($"{Attempts} times {words}");

        static FrameTraffic Send() => FrameTraffic.Send(Guest.Machine.Site, Guest.Machine.Far, Frames, 2000, bytes: 500);
    }

    [Test]
    public async Task Apply_Distributions_LieWithinTheirRange()
    {
        await ApplyAsync(LinkDirection.Up, new() { DelayModel = new TableDelayPlan([TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(12), TimeSpan.FromMilliseconds(40)]), Overtake = true });
        var table = Up(2000);
        await ApplyAsync(LinkDirection.Up, new() { Delay = TimeSpan.FromMilliseconds(5), Jitter = TimeSpan.FromMilliseconds(10) });
        var even = Up(2000);

        Assert.That(table.Arrived.Min(a => a.DelayNs), Is.GreaterThanOrEqualTo(9_990_000));
        // A machine that is late makes delays longer, never shorter. Of the table a quarter lies above 26 ms; of an even range half lies above its
        // middle, and of the table, had it stayed, a quarter of the packets.
        Assert.That(table.Arrived.Count(a => a.DelayNs > 25_000_000), Is.GreaterThan(400));
        Assert.That(even.Arrived.Min(a => a.DelayNs), Is.GreaterThanOrEqualTo(4_990_000));
        Assert.That(even.Arrived.Count(a => a.DelayNs > 10_000_000), Is.GreaterThan(850));
    }

    [Test]
    public async Task Apply_DropThenNoDrop_BringsTheLossOfBeforeBack()
    {
        await ApplyAsync(LinkDirection.Up, new() { Loss = new Ratio(0.25) });
        await ApplyAsync(LinkDirection.Up, new() { Drop = true });
        var none = Up(300);
        var applied = await ApplyAsync(LinkDirection.Up, new() { Drop = false });

        Assert.That(none.Arrived, Is.Empty);
        Assert.That(applied.Up!.Loss!.Value.Value, Is.EqualTo(0.25).Within(1e-6));
    }

    [Test]
    public async Task Snapshot_OfAnothersNetem_ComesBackExactly()
    {
        await RunAsync("tc", "qdisc", "replace", "dev", "ens19", "root", "handle", "7:", "netem", "delay", "3ms", "loss", "1.5%", "rate", "1mbit");
        var driver = new NetemDriver("byu", _shell, "ens18", "ens19");
        var found = await driver.SnapshotAsync(CancellationToken.None);

        var applied = await driver.ApplyAsync(LinkDirection.Both, new LinkChange { Delay = TimeSpan.FromMilliseconds(9) }, CancellationToken.None);
        await driver.UndoAsync(found, CancellationToken.None);

        Assert.That((_found.IsUnknown, found.IsUnknown), Is.EqualTo((false, true)));
        Assert.That(applied.Up!.Rate, Is.EqualTo(new DataRate(1_000_000)), "what the other had set is kept");
        Assert.That((await RunAsync("tc", "-json", "qdisc", "show", "dev", "ens19")).Output, Does.Contain("\"handle\":\"7:\"").And.Contain("0.003").And.Contain("0.015"));
        await RunAsync("tc", "qdisc", "del", "dev", "ens19", "root");
    }

    [TestCase("tbf", "rate", "1mbit", "burst", "2000", "limit", "9000")]
    [TestCase("netem", "delay", "10ms", "2ms")]
    [TestCase("netem", "delay", "10ms", "slot", "1ms", "2ms")]
    public async Task Snapshot_OfWhatCouldNotBePutBack_IsRefusedAndLeftAlone(params string[] kind)
    {
        await RunAsync(["tc", "qdisc", "replace", "dev", "ens19", "root", "handle", "7:", .. kind]);
        var before = (await RunAsync("tc", "-json", "qdisc", "show", "dev", "ens19")).Output;
        await using var driver = new NetemDriver("byu", _shell, "ens18", "ens19");

        Assert.That(async () => await driver.SnapshotAsync(CancellationToken.None), Throws.TypeOf<StepHostException>().With.Message.Contains("tc qdisc del dev ens19 root"));
        Assert.That(async () => await driver.ApplyAsync(LinkDirection.Both, new LinkChange { Delay = TimeSpan.FromMilliseconds(9) }, CancellationToken.None), Throws.TypeOf<StepFailedException>());
        Assert.That((await RunAsync("tc", "-json", "qdisc", "show", "dev", "ens19")).Output, Is.EqualTo(before));
        await RunAsync("tc", "qdisc", "del", "dev", "ens19", "root");
    }

    [Test]
    public async Task Undo_WhenSomebodyChangedIt_SaysWhatDiffers()
    {
        var wrong = _found with { Undo = [new ShellCommand("true")] };
        await ApplyAsync(LinkDirection.Up, new() { Delay = TimeSpan.FromMilliseconds(5) });

        Assert.That(async () => await _driver.UndoAsync(wrong, CancellationToken.None), Throws.TypeOf<StepFailedException>().With.Message.Contains("not as it was"));
    }

    private static FrameTraffic Up(int count) => FrameTraffic.Send(Guest.Machine.Site, Guest.Machine.Far, count, Pace);

    private static FrameTraffic Down(int count) => FrameTraffic.Send(Guest.Machine.Far, Guest.Machine.Site, count, Pace);

    /// <summary>netem of this kernel takes no seed: twice in a row outside an interval of 99.9 % is once in a million.</summary>
    private static void AssertLoss(Func<int, FrameTraffic> send, int count, double share)
    {
        var (least, most) = Binomial.Interval999(count, share);
        var lost = send(count).Lost;
        if (lost < least || lost > most)
        {
            lost = send(count).Lost;
        }

        Assert.That(lost, Is.InRange(least, most));
    }

    private Task<LinkApplied> ApplyAsync(LinkDirection direction, LinkChange change) => _driver.ApplyAsync(direction, change, CancellationToken.None);

    private async Task<ShellResult> RunAsync(params string[] arguments)
    {
        var result = await _shell.RunAsync(new ShellCommand(arguments), CancellationToken.None);
        Assert.That(result.IsSuccess, Is.True, $"{string.Join(' ', arguments)}: {result.Error}");
        return result;
    }
}

using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;
using FailoverLab.Testing;

namespace FailoverLab.WanDrivers.Tests;

/// <summary>The driver with this machine's own nft and token buckets, in a namespace, audited by real packets.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NftDriverTests : IDisposable
{
    private readonly TestNamespace _net = new();
    private readonly NftDriver _driver;

    public NftDriverTests() => _driver = new NftDriver("byu", _net.Shell, "lan0", "wan0");

    public void Dispose() => _net.Dispose();

    [Test]
    public async Task Apply_EveryFifth_LosesExactlyAFifth()
    {
        var applied = await ApplyAsync(LinkDirection.Up, new() { LossModel = new EveryNthLossPlan(5) });
        var (up, down) = (Up(1000), Down(200));

        Assert.That(applied.Up!.LossModel, Is.EqualTo(new EveryNthLossPlan(5)));
        Assert.That((up.Lost, down.Lost), Is.EqualTo((200, 0)));
        Assert.That(up.Arrived.Select(a => a.Number % 5).Distinct().Count(), Is.EqualTo(4), "always the same place in the cycle");
    }

    [Test]
    public async Task Apply_Loss_LosesWithinTheExactInterval()
    {
        var share = new Ratio(0.15);
        await ApplyAsync(LinkDirection.Both, new() { Loss = share });
        var (least, most) = Binomial.Interval999(5000, share.Value);
        var lost = Up(5000).Lost;

        // The kernel's draws have no seed: twice outside is once in a million.
        Assert.That(lost >= least && lost <= most ? lost : Up(5000).Lost, Is.InRange(least, most));
    }

    [Test]
    public async Task Apply_OneParameter_LosesNoneOfTheOthers()
    {
        await ApplyAsync(LinkDirection.Up, new() { Rate = new DataRate(8_000_000), Mtu = 500 });
        var applied = await ApplyAsync(LinkDirection.Up, new() { Loss = new Ratio(0.01) });
        var back = await ApplyAsync(LinkDirection.Up, new() { Rate = LinkChange.Unlimited, Mtu = LinkChange.NoMtu });

        Assert.That((applied.Up!.Rate, applied.Up.Mtu, applied.Up.Loss), Is.EqualTo((new DataRate(8_000_000), 500, new Ratio(0.01))));
        Assert.That((back.Up!.Rate, back.Up.Mtu, back.Up.Loss), Is.EqualTo((LinkChange.Unlimited, LinkChange.NoMtu, new Ratio(0.01))));
    }

    [Test]
    public async Task ReadBack_Rate_IsWhatTheKernelSays()
    {
        // Kernels keep bytes a second: of 8,000,004 bit/s they hold 8,000,000.
        var applied = await ApplyAsync(LinkDirection.Up, new() { Rate = new DataRate(8_000_004) });

        Assert.That(applied.Up!.Rate, Is.EqualTo(new DataRate(8_000_000)));
    }

    [Test]
    public async Task Apply_Mtu_DropsWhatIsLargerAndNothingElse()
    {
        await ApplyAsync(LinkDirection.Up, new() { Mtu = 500 });

        Assert.That(FrameTraffic.Send(_net.Site, _net.Far, 50, 2000, bytes: 514, patience: Soon).Lost, Is.Zero);
        Assert.That(FrameTraffic.Send(_net.Site, _net.Far, 50, 2000, bytes: 515, patience: Soon).Lost, Is.EqualTo(50));
    }

    [Test]
    public async Task Apply_Rate_PassesNoMoreThanThatAndLosesNothingInsideTheQueue()
    {
        // Each frame of 1,000 bytes takes 2 ms at 4 Mbit/s; offered in a quarter of that. A bucket that begins full lets 1,540 bytes through at once.
        const long EachNs = 2_000_000;
        const long BurstNs = 3_080_000;

        // Tokens are counted in ticks of 64 ns.
        const double Ticks = 1e-4;
        await ApplyAsync(LinkDirection.Up, new() { Rate = new DataRate(4_000_000), Queue = new() { Bytes = 500_000 } });
        var up = FrameTraffic.Send(_net.Site, _net.Far, 400, 2000, bytes: 1000);

        Assert.That((up.Lost, up.IsInOrder), Is.EqualTo((0, true)));
        Assert.That(
            up.Arrived.Select((a, n) => up.SentNs[n] + a.DelayNs - up.SentNs[0] + BurstNs - ((n + 1) * EachNs * (1 - Ticks))).Min(), Is.Not.Negative, "each waits for those ahead");
    }

    /// <summary>A bucket that is taken away takes with it what waits in it.</summary>
    [Test]
    public async Task Apply_RateLiftedWhilePacketsWait_LosesNoneOfThem()
    {
        // 8 ms each at 1 Mbit/s, offered in half a millisecond each: nearly all wait when the rate is lifted.
        await ApplyAsync(LinkDirection.Up, new() { Rate = new DataRate(1_000_000), Queue = new() { Bytes = 500_000 } });
        var sending = Task.Run(() => FrameTraffic.Send(_net.Site, _net.Far, 400, 2000, bytes: 1000));
        await Task.Delay(100);
        var applied = await ApplyAsync(LinkDirection.Up, new() { Rate = LinkChange.Unlimited });
        var up = await sending;

        Assert.That((up.Lost, up.IsInOrder, applied.Up!.Rate), Is.EqualTo((0, true, LinkChange.Unlimited)));
    }

    [Test]
    public async Task Apply_DropAndCarrier_AreTwoKindsOfDown()
    {
        await ApplyAsync(LinkDirection.Both, new() { Drop = true });
        var silent = Up(50);
        await ApplyAsync(LinkDirection.Both, new() { Drop = false, Carrier = false });
        var carrier = (await _net.Shell.RunAsync(new ShellCommand("ip", "-o", "link", "show", "dev", "site"), CancellationToken.None)).Output;
        var applied = await ApplyAsync(LinkDirection.Both, new() { Carrier = true });

        Assert.That(silent.Arrived, Is.Empty);
        Assert.That(carrier, Does.Contain("NO-CARRIER"), "the site sees it");
        Assert.That((applied.Up!.Carrier, applied.Down!.Carrier), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task Undo_AfterEverything_LeavesNothing()
    {
        var before = await StateAsync();
        var found = await _driver.SnapshotAsync(CancellationToken.None);
        await ApplyAsync(LinkDirection.Both, new() { Rate = new DataRate(1_000_000), Loss = new Ratio(0.5), Mtu = 900 });
        await ApplyAsync(LinkDirection.Both, new() { Carrier = false });
        await using var other = new NftDriver("byu", _net.Shell, "lan0", "wan0");
        await other.UndoAsync(found, CancellationToken.None);

        Assert.That(found.IsUnknown, Is.False);
        Assert.That(await StateAsync(), Is.EqualTo(before));
        Assert.That((await other.UndoAsync(found, CancellationToken.None)).Words, Does.StartWith("as before"), "undone twice is undone");
    }

    [Test]
    public async Task Apply_BesideAnothersQueue_LeavesItAlone()
    {
        await _net.Shell.RunAsync(new ShellCommand("tc", "qdisc", "add", "dev", "wan0", "root", "handle", "9:", "tbf", "rate", "1mbit", "burst", "2000", "limit", "9000"), CancellationToken.None);
        Assert.That((await _driver.SnapshotAsync(CancellationToken.None)).IsUnknown, Is.True, "what the other's queue does");

        Assert.That(async () => await ApplyAsync(LinkDirection.Up, new() { Rate = new DataRate(2_000_000) }), Throws.TypeOf<StepFailedException>().With.Message.Contains("tbf 9:"));
        Assert.That((await ApplyAsync(LinkDirection.Up, new() { Loss = new Ratio(0.1) })).Up!.Loss, Is.EqualTo(new Ratio(0.1)), "rules need no queue");
    }

    [Test]
    public async Task Snapshot_WithLeftoversOfOurs_SendsToRecover()
    {
        await ApplyAsync(LinkDirection.Up, new() { Loss = new Ratio(0.1) });
        await using var later = new NftDriver("byu", _net.Shell, "lan0", "wan0");

        Assert.That(async () => await later.SnapshotAsync(CancellationToken.None), Throws.TypeOf<StepHostException>().With.Message.Contains("recover"));
        var applied = await later.ApplyAsync(LinkDirection.Up, new LinkChange { Mtu = 800 }, CancellationToken.None);
        Assert.That(applied.Up!.Loss, Is.EqualTo(new Ratio(0.1)), "a second driver goes on where the first was");
    }

    [Test]
    public async Task Netem_WhereTheKernelHasNone_FailsWithItsReasonAndChangesNothing()
    {
        var before = await StateAsync();
        await using var netem = new NetemDriver("byu", _net.Shell, "lan0", "wan0");
        try
        {
            await netem.ApplyAsync(LinkDirection.Up, new LinkChange { Delay = TimeSpan.FromMilliseconds(1) }, CancellationToken.None);
        }
        catch (StepFailedException failure)
        {
            Assert.That(failure.Message, Does.Contain("sch_netem").And.Contain("driver 'nft'"));
            Assert.That(await StateAsync(), Is.EqualTo(before));
            return;
        }

        Assert.Ignore("this machine's kernel has netem");
    }

    private static TimeSpan Soon => TimeSpan.FromMilliseconds(200);

    private FrameTraffic Up(int count) => FrameTraffic.Send(_net.Site, _net.Far, count, 5000, patience: Soon);

    private FrameTraffic Down(int count) => FrameTraffic.Send(_net.Far, _net.Site, count, 5000, patience: Soon);

    private Task<LinkApplied> ApplyAsync(LinkDirection direction, LinkChange change) => _driver.ApplyAsync(direction, change, CancellationToken.None);

    private async Task<string> StateAsync()
    {
        var text = "";
        foreach (var command in (string[])["tc -json qdisc show", "nft list ruleset"])
        {
            text += (await _net.Shell.RunAsync(new ShellCommand(command.Split(' ')), CancellationToken.None)).Output;
        }

        var up = (await _net.Shell.RunAsync(new ShellCommand("ip", "-o", "link", "show", "up"), CancellationToken.None)).Output;
        return text + string.Join(' ', up.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[1]));
    }
}

using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers.Tests;

/// <summary>The driver's changes in two phases, in a namespace.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NftPreparedTests : IDisposable
{
    private readonly TestNamespace _net = new();
    private readonly LaidReady _shell;
    private readonly NftDriver _driver;

    public NftPreparedTests()
    {
        _shell = new LaidReady(_net.Shell);
        _driver = new NftDriver("byu", _shell, "lan0", "wan0");
    }

    public void Dispose() => _net.Dispose();

    [Test]
    public async Task Prepare_DropBothWays_IsOneProcessAndTouchesNothingBeforeItsInstant()
    {
        var before = await StateAsync();
        var prepared = await PrepareAsync(new() { Drop = true });

        Assert.That(_shell.Batches.Select(b => (b.Program, b.Option)), Is.EqualTo(new[] { ("nft", "-f") }));
        Assert.That(await StateAsync(), Is.EqualTo(before));
        var act = await prepared.ActAsync();
        var applied = await prepared.FinishAsync(CancellationToken.None);
        Assert.That((applied.Up!.Drop, applied.Down!.Drop, applied.AtRealtimeNs, applied.NotBeforeRealtimeNs), Is.EqualTo((true, true, act!.AtNs, (long?)act.NotBeforeNs)));
    }

    [Test]
    public async Task Prepare_RulesRateAndCarrier_IsOneProcessOfEachTool()
    {
        await using var prepared = await PrepareAsync(new() { Loss = new Ratio(0.25), Rate = new DataRate(2_000_000), Carrier = false });
        Assert.That(_shell.Batches.Select(b => b.Program), Is.EqualTo(new[] { "nft", "tc", "ip" }));
        await prepared.ActAsync();
        var applied = await prepared.FinishAsync(CancellationToken.None);

        Assert.That((applied.Up!.Loss, applied.Up.Rate, applied.Up.Carrier), Is.EqualTo((new Ratio(0.25), new DataRate(2_000_000), false)));
    }

    [Test]
    public async Task Prepare_CalledOff_TheNextOneGoesOnFromWhatIsThere()
    {
        await _driver.ApplyAsync(LinkDirection.Both, new LinkChange { Loss = new Ratio(0.5) }, CancellationToken.None);
        await (await PrepareAsync(new() { Drop = true })).DisposeAsync();
        await using var next = await PrepareAsync(new() { Mtu = 900 });
        await next.ActAsync();
        var applied = await next.FinishAsync(CancellationToken.None);

        Assert.That((applied.Up!.Drop, applied.Up.Loss, applied.Up.Mtu), Is.EqualTo((false, new Ratio(0.5), 900)));
    }

    [Test]
    public async Task Act_RefusedAtTheInstant_FailsTheStepAndNamesTheTool()
    {
        await using var prepared = await PrepareAsync(new() { Rate = new DataRate(2_000_000) });
        _net.Ip("link del dev wan0");

        Assert.That(async () => await prepared.ActAsync(), Throws.TypeOf<StepFailedException>().With.Message.StartsWith("link byu: tc on middle: "));
        Assert.That(async () => await prepared.FinishAsync(CancellationToken.None), Throws.TypeOf<StepFailedException>());
    }

    [Test]
    public async Task Prepare_WayWithoutGates_IsMadeAtTheInstantAltogether()
    {
        await using var driver = new NftDriver("byu", new LaidReady(_net.Shell) { CanPrepare = false }, "lan0", "wan0");
        await using var prepared = await driver.PrepareAsync(LinkDirection.Both, new LinkChange { Drop = true }, 0, CancellationToken.None);

        Assert.That(await prepared.ActAsync(), Is.Null, "the host does not tell when");
        Assert.That((await prepared.FinishAsync(CancellationToken.None)).Up!.Drop, Is.True);
    }

    private Task<IPreparedLink> PrepareAsync(LinkChange change) => _driver.PrepareAsync(LinkDirection.Both, change, 0, CancellationToken.None);

    private async Task<string> StateAsync() =>
        (await _net.Shell.RunAsync(new ShellCommand("sh", "-c", "tc qdisc show; nft list ruleset; ip -o link show up | wc -l"), CancellationToken.None)).Output;
}

using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers.Tests;

public class HostileNameTests
{
    private static readonly string[] Names =
    [
        "", "-batch", "--help", "a b", "a;reboot", "$(reboot)", "`x`", "a\nqdisc del dev eth0 root", "a\0", "eth0'", "eth0\"", "ens18 root", "../eth0", "é", "a\u202Eb", "sixteen-letters-x", "{}", "a|b", "a&b",
        "a>b", "*", "?", "~", "#a", "%n", ".hidden", ":a", "@a", "\t", "a\r",
    ];

    [TestCaseSource(nameof(Names))]
    public void Make_WithAnInterfaceNoToolMayHear_IsRefusedBeforeAnythingRuns(string name)
    {
        var shell = new SilentShell();
        foreach (var driver in (LinkDriver[])[LinkDriver.Netem, LinkDriver.Nft, LinkDriver.Wanulator])
        {
            var drivers = new LinkDrivers(_ => shell, _ => new WanulatorAccess(_ => throw new InvalidOperationException(), () => ""), (_, _) => { }, TimeProvider.System);
            var request = Plan(driver) with { Lan = "ens18", Wan = name };

            Assert.That(() => drivers.Make(request), Throws.TypeOf<StepHostException>());
            Assert.That(() => drivers.Make(request with { Lan = name, Wan = "ens18" }), Throws.TypeOf<StepHostException>());
        }

        Assert.That(shell.Ran, Is.Zero);
    }

    [Test]
    public void Make_ADriverThatIsNotHere_NamesThoseThatAre()
    {
        var drivers = new LinkDrivers(_ => new SilentShell(), _ => throw new InvalidOperationException(), (_, _) => { }, TimeProvider.System);

        Assert.That(() => drivers.Make(Plan(LinkDriver.Pve)), Throws.TypeOf<StepHostException>().With.Message.Contains("'pve'").And.Message.Contains("netem, nft, wanulator"));
        Assert.That(() => drivers.Make(Plan(LinkDriver.Netem) with { Lan = "a" }), Throws.TypeOf<StepHostException>().With.Message.Contains("'wan'"));
        drivers.Add(LinkDriver.Pve, p => new NftDriver(p.Name, new SilentShell(), "a", "b"));
        Assert.That(drivers.Make(Plan(LinkDriver.Pve)).Link, Is.EqualTo("byu"));
    }

    [Test]
    public void CannotDo_OnTopOfTheProfile_SeesWhatTheChangeAloneDoesNotSay()
    {
        var plan = Plan(LinkDriver.Netem) with { Profile = LinkChange.Good with { Rate = new(1_000_000) }, ProfileDown = LinkChange.Good };
        var change = new LinkChange { Reorder = new(0.1) };

        Assert.That(LinkDrivers.CannotDo(plan, LinkDirection.Both, change), Has.Count.EqualTo(1));
        Assert.That(LinkDrivers.CannotDo(plan, LinkDirection.Down, change), Is.Empty);
        Assert.That(LinkDrivers.CannotDo(plan with { Driver = LinkDriver.Nft }, LinkDirection.Down, change), Has.Count.EqualTo(1).And.All.Contains("'netem'"));
        var jittery = LinkChange.Good with { Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(10) };
        Assert.That(LinkDrivers.CannotDo(plan with { Driver = LinkDriver.Wanulator }, LinkDirection.Down, change), Is.Empty);
        Assert.That(LinkDrivers.CannotDo(plan with { Driver = LinkDriver.Wanulator, ProfileDown = jittery }, LinkDirection.Down, change), Has.Count.EqualTo(1));
    }

    /// <summary>Two interfaces whose names differ only in a sign must not share a table.</summary>
    [Test]
    public void Table_OfDifferentInterfaces_Differs()
    {
        string[] names = ["ens18", "ens-18", "ens_18", "ens.18", "ens_2d18"];

        Assert.That(names.Select(NftDriver.Table).Distinct().Count(), Is.EqualTo(names.Length));
        Assert.That(names.Select(NftDriver.Table), Has.All.Match("^[a-z0-9_]+$"));
    }

    private static LinkPlan Plan(LinkDriver driver) => new() { Name = "byu", Path = "byu", Driver = driver, Host = "pve", Profile = LinkChange.Good };

    private sealed class SilentShell : IShell
    {
        public int Ran { get; private set; }

        public string Host => "pve";

        public Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
        {
            Ran++;
            return Task.FromResult(new ShellResult(1, "", "", false));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using FailoverLab.Analysis;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner.Tests;

/// <summary>What is expected of links of a hosts file, whose hosts have clocks of their own and which are only what they are told.</summary>
public sealed class RealLinkTests
{
    private static readonly LinkChange Profile = LinkChange.Good.With(new() { Delay = Ms(20) });
    private static readonly LinkChange Drop = new() { Drop = true };

    [TestCase(LinkDriver.Netem)]
    [TestCase(LinkDriver.Nft)]
    public void Build_QueueOrRules_BeginWithALinkThatDoesNothingAndLeaveOutWhatTheClocksLeaveOpen(LinkDriver driver)
    {
        var plan = Plan(driver, Step("1", LinkDirection.Up, Drop), Step("2", LinkDirection.Both, Profile, isRestore: true));
        // 2 ms as everywhere, 3 ms of the host's clock, 5 ms that the host says of its act.
        var asked = LinkAskedBuilder.Build(plan, Record(At("1", 4_000, boundMs: 5), At("2", 6_000))).ToList();
        Assert.That(asked.Select(Told), Is.EqualTo(new[]
        {
            (true, 0L, 3_990L, 0.0, 0.0), (true, 4_011L, 5_995L, -1.0, 1.0), (true, 6_006L, 8_977L, 20.0, 0.0),
            (false, 0L, 5_995L, 0.0, 0.0), (false, 6_006L, 8_977L, 20.0, 0.0),
        }));
    }

    [Test]
    public void Build_Emulator_IsItsProfileFromTheStart()
    {
        var asked = LinkAskedBuilder.Build(Plan(LinkDriver.Emulator, Step("1", LinkDirection.Up, Drop)), Record(At("1", 4_000))).ToList();
        Assert.That(asked.Select(Told).First(), Is.EqualTo((true, 0L, 3_995L, 20.0, 0.0)));
        Assert.That(asked.Select(Told).Last(), Is.EqualTo((false, 0L, 8_977L, 20.0, 0.0)));
    }

    /// <summary>Whichever way is changed, both are told everything.</summary>
    [Test]
    public void Build_Wanulator_IsKnownFromItsFirstChange()
    {
        var record = Record(At("1", 4_000)) is var r ? r with { Events = [.. r.Events, Unknown("fibre")] } : r;
        var asked = LinkAskedBuilder.Build(Plan(LinkDriver.Wanulator, Step("1", LinkDirection.Up, Drop)), record).ToList();
        Assert.That(asked.Select(Told), Is.EqualTo(new[] { (true, 4_026L, 8_977L, -1.0, 1.0), (false, 4_026L, 8_977L, 20.0, 0.0) }));
    }

    [TestCase(LinkDriver.Netem, "fibre", true, true, 0)]
    [TestCase(LinkDriver.Netem, "other", true, true, 4)]
    [TestCase(LinkDriver.Pve, "other", true, true, 0)]
    [TestCase(LinkDriver.Nft, "other", false, true, 0)]
    [TestCase(LinkDriver.Nft, "other", true, false, 0)]
    public void Build_WhereNothingIsKnownOrAskedOrSeen_NothingIsExpected(LinkDriver driver, string unknown, bool hasEnds, bool isChanged, int stretches)
    {
        var plan = isChanged ? Plan(driver, Step("1", LinkDirection.Both, Drop)) : Plan(driver);
        plan = hasEnds ? plan : plan with { Links = [plan.Links[0] with { Wan = null }] };
        var record = Record(At("1", 4_000));
        Assert.That(LinkAskedBuilder.Build(plan, record with { Events = [.. record.Events, Unknown(unknown)] }).Count(), Is.EqualTo(stretches));
    }

    [Test]
    public void Build_ChangeThatFailed_NothingIsCertainBeforeTheNextRestore()
    {
        var plan = Plan(LinkDriver.Nft, Step("1", LinkDirection.Both, Drop), Step("2", LinkDirection.Both, new() { Loss = new Ratio(0.1) }), Step("3", LinkDirection.Both, Profile, isRestore: true));
        var failed = At("1", 2_000) with { AcknowledgedNs = null, Kind = RunEventKind.Fault };
        var asked = LinkAskedBuilder.Build(plan, Record(failed, At("2", 4_000), At("3", 6_000))).Where(a => a.IsUp).ToList();
        Assert.That(asked.Select(Told), Is.EqualTo(new[] { (true, 0L, 1_995L, 0.0, 0.0), (true, 6_006L, 8_977L, 20.0, 0.0) }));
    }

    /// <summary>A thousand large frames before 10 Mbit/s take 1.2 s.</summary>
    [TestCase(LinkDriver.Netem, 1_211)]
    [TestCase(LinkDriver.Nft, 100)]
    [TestCase(LinkDriver.Wanulator, 60_000)]
    public void AsDriven_RateAndNobodyAskedForAQueue_IsThatOfTheDriver(LinkDriver driver, int milliseconds)
    {
        var link = AuditedLink.Of(Plan(driver, Step("1", LinkDirection.Both, Drop)), Record(At("1", 4_000))).Single();
        var driven = link.AsDriven(LinkChange.Good.With(new() { Rate = new DataRate(10_000_000) }));
        Assert.That(driven.Queue!.Time!.Value.TotalMilliseconds, Is.EqualTo(milliseconds).Within(1));
        var asked = LinkChange.Good.With(new() { Rate = new DataRate(10_000_000), Queue = new QueuePlan { Packets = 7 } });
        Assert.That(link.AsDriven(asked), Is.EqualTo(asked));
    }

    private static (bool IsUp, long FromMs, long ToMs, double DelayMs, double Loss) Told(LinkAsked a) =>
        (a.IsUp, a.FromNs / 1_000_000, a.ToNs / 1_000_000, a.DelayMinNs?.Low / 1e6 ?? -1, a.Loss!.Value.Low);

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    private static RunEvent Unknown(string path) => new()
    {
        AtNs = 0,
        Kind = RunEventKind.Run,
        Text = "",
        Data = new Dictionary<string, string> { [RunEvent.CaveatKey] = Caveat.LinkNotAudited, ["path"] = path },
    };

    private static RunEvent At(string step, long ms, int boundMs = 0) => new()
    {
        AtNs = 0,
        Kind = RunEventKind.Step,
        Step = step,
        Text = "",
        StartedNs = ms * 1_000_000,
        AcknowledgedNs = (ms + 1) * 1_000_000,
        Data = boundMs == 0 ? null : new Dictionary<string, string> { ["boundNs"] = $"{boundMs}000000" },
    };

    /// <summary>It runs for 10 s; the link is given back from 9 s on.</summary>
    private static RunRecord Record(params RunEvent[] events) => new()
    {
        StartNs = 0,
        StopNs = 9_000_000_000,
        EndNs = 10_000_000_000,
        RanToEnd = true,
        WasInterrupted = false,
        Captures = [],
        Clocks = [new HostClock("w", 0, 3_000_000)],
        Events = events,
    };

    private static StepPlan Step(string name, LinkDirection direction, LinkChange change, bool isRestore = false) => new()
    {
        Name = name,
        Host = "w",
        At = TimeSpan.Zero,
        Action = new LinkChangeStep("one", direction, change, isRestore),
        Command = "",
        Undo = "",
        Position = SourcePosition.WholeFile("x"),
    };

    private static RunPlan Plan(LinkDriver driver, params StepPlan[] steps) => new()
    {
        Scenario = "x",
        Description = "",
        Duration = Ms(9_000),
        Seed = 1,
        Topology = null,
        Hosts = [],
        Links = [new LinkPlan { Name = "one", Path = "fibre", Driver = driver, Host = "w", Lan = "lan1", Wan = "wan1", Profile = Profile }],
        Steps = steps,
        Expectations = [],
    };
}

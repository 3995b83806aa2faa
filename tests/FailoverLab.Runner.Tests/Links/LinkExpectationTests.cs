using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner.Tests;

/// <summary>What a link that does as asked shows, against draws from the models themselves.</summary>
public sealed class LinkExpectationTests
{
    private const ulong Seed = 20261121;
    private const int Draws = 200_000;

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    private static IEnumerable<TestCaseData> Delays()
    {
        yield return Case("fixed", new() { Delay = Ms(20) }, (_, _) => 20);
        yield return Case("jitter", new() { Delay = Ms(20), Jitter = Ms(10) }, (u, _) => 20 + (10 * u));
        yield return Case("uniform", new() { DelayModel = new UniformDelayPlan(Ms(5), Ms(9)) }, (u, _) => 5 + (4 * u));
        yield return Case("normal", new() { DelayModel = new NormalDelayPlan(Ms(40), Ms(5)) }, (u, v) => 40 + (5 * Math.Sqrt(-2 * Math.Log(1 - u)) * Math.Cos(2 * Math.PI * v)));
        yield return Case("pareto", new() { DelayModel = new ParetoDelayPlan(Ms(20), Ms(6), 3) }, (u, _) => 20 + (6 * (Math.Pow(1 - u, -1.0 / 3) - 1)));
        yield return Case("table", new() { DelayModel = new TableDelayPlan([Ms(1), Ms(3), Ms(11)]) }, (u, _) => u < 0.5 ? 1 + (4 * u) : 3 + (16 * (u - 0.5)));
        yield return Case("half skips", new() { Delay = Ms(150), Reorder = new Ratio(0.5) }, (u, _) => u < 0.5 ? 0 : 150);
    }

    [TestCaseSource(nameof(Delays))]
    public void Of_DelayThatMayOvertake_QuantilesOfTheDrawsLieInside(object change, Func<double, double, double> draw)
    {
        var link = LinkChange.Good.With((LinkChange)change) with { Overtake = true };
        var random = new SeededRandom(Seed);
        var drawn = Enumerable.Range(0, Draws).Select(_ => draw(random.NextDouble(), random.NextDouble()) * 1e6).Order().ToArray();
        var asked = LinkExpectation.Of(link, "x", true, 0, 1);
        Assert.Multiple(() =>
        {
            Assert.That(drawn[0], Is.InRange(asked.DelayMinNs!.Value.Low - 1, asked.DelayMinNs.Value.High), $"seed {Seed}");
            Assert.That(drawn[Draws / 2], Is.InRange(asked.DelayMedianNs!.Value.Low - 1, asked.DelayMedianNs.Value.High + 1));
            Assert.That(drawn[Draws * 99 / 100], Is.InRange(asked.DelayP99Ns!.Value.Low - 1, asked.DelayP99Ns.Value.High + 1));
            Assert.That(asked.DelayMedianNs.Value.High - asked.DelayMedianNs.Value.Low, Is.LessThan(((LinkChange)change).Reorder is null ? 1e6 : 151e6), "wide ranges would say nothing");
        });
    }

    [Test]
    public void Of_OrderKept_AnythingUpToTheLongestIsAsAsked()
    {
        var asked = LinkExpectation.Of(LinkChange.Good.With(new() { Delay = Ms(20), Jitter = Ms(10) }), "x", true, 0, 1);
        Assert.That(asked.DelayMedianNs!.Value.Low, Is.EqualTo(24.95e6).Within(1));
        Assert.That(asked.DelayMedianNs!.Value.High, Is.EqualTo(30e6).Within(1));
    }

    [Test]
    public void Of_GilbertElliott_MeanShareAndItsClumping()
    {
        // Against the chain itself: the variance of the share over many runs of 2,000 packets.
        var model = new GilbertElliottPlan(new(0.02), new(0.2), new(1), new(0));
        var asked = LinkExpectation.Of(LinkChange.Good.With(new() { LossModel = model }), "x", true, 0, 1);
        var random = new SeededRandom(Seed);
        var shares = Enumerable.Range(0, 1_000).Select(_ =>
        {
            var (isBad, lost) = (false, 0);
            for (var i = 0; i < 2_000; i++)
            {
                lost += isBad ? 1 : 0;
                isBad = isBad ? random.NextDouble() >= 0.2 : random.NextDouble() < 0.02;
            }

            return lost / 2_000.0;
        }).ToList();
        var (mean, variance) = (shares.Average(), shares.Sum(s => Math.Pow(s - shares.Average(), 2)) / 999);
        Assert.Multiple(() =>
        {
            Assert.That(asked.Loss!.Value.Low, Is.EqualTo(mean).Within(0.003), $"seed {Seed}");
            Assert.That(asked.LossClumping, Is.EqualTo(variance / (mean * (1 - mean) / 2_000)).Within(15).Percent);
        });
    }

    [Test]
    public void Of_DropSlotsTraceCorruption_RangesSayWhatCanBeForetold()
    {
        var slots = new SlotPlan { Period = Ms(15_000), LevelMax = Ms(10), Start = new(Ms(60), Ms(140)), Handover = new(new(1), new(0.5), Ms(20)) };
        var slotted = LinkExpectation.Of(LinkChange.Good.With(new() { Delay = Ms(20), Slots = slots }), "x", true, 0, 1);
        Assert.Multiple(() =>
        {
            Assert.That(LinkExpectation.Of(LinkChange.Good.With(new() { Drop = true }), "x", true, 0, 1) is { Loss: { Low: 1, High: 1 }, DelayMedianNs: null });
            Assert.That(LinkExpectation.Of(LinkChange.Good.With(new() { Trace = new("t", TraceClock.Start) }), "x", true, 0, 1) is { Loss: null, DelayMedianNs: null });
            Assert.That(LinkExpectation.Of(LinkChange.Good.With(new() { Corrupt = new(0.1), Loss = new(0.5) }), "x", true, 0, 1).Loss!.Value.High, Is.EqualTo(0.55).Within(1e-9));
            Assert.That(slotted.Loss, Is.EqualTo(new Analysis.AskedRange(0, 1)));
            Assert.That(slotted.DelayP99Ns, Is.EqualTo(new Analysis.AskedRange(20e6, 90e6)));
        });
    }

    [Test]
    public void Build_DegradeAndRestore_StretchesEndWhereChangesBegin()
    {
        var profile = LinkChange.Good.With(new() { Delay = Ms(20) });
        var slow = new LinkChange { Delay = Ms(150) };
        var plan = Plan(profile, ("1", LinkDirection.Up, slow), ("2", LinkDirection.Both, profile));
        var record = Record(("1", 4_000), ("2", 8_000));
        var asked = LinkAskedBuilder.Build(plan, record).ToList();
        Assert.That(asked.Select(a => (a.IsUp, From: a.FromNs / 1_000_000, To: a.ToNs / 1_000_000, Delay: a.DelayMinNs!.Value.Low / 1e6)), Is.EqualTo(new[]
        {
            (true, 0L, 3_998L, 20.0), (true, 4_023L, 7_998L, 150.0), (true, 8_153L, 9_880L, 20.0),
            (false, 0L, 7_998L, 20.0), (false, 8_023L, 9_880L, 20.0),
        }));
    }

    [Test]
    public void Build_CarrierOffOrNeverAcknowledged_NothingAsked()
    {
        var profile = LinkChange.Good;
        var plan = Plan(profile, ("1", LinkDirection.Both, new() { Carrier = false }));
        var off = LinkAskedBuilder.Build(plan, Record(("1", 4_000))).ToList();
        var unsure = LinkAskedBuilder.Build(plan, Record(("1", 4_000)) is var r ? r with { Events = [.. r.Events.Select(e => e with { AcknowledgedNs = null })] } : r).ToList();
        Assert.That(off.Concat(unsure).Select(a => a.ToNs / 1_000_000), Is.All.EqualTo(3_998));
    }

    private static RunPlan Plan(LinkChange profile, params (string Name, LinkDirection Direction, LinkChange Change)[] changes) => new()
    {
        Scenario = "x",
        Description = "",
        Duration = Ms(10_000),
        Seed = 1,
        Topology = new TopologyPlan
        {
            File = "x",
            Nodes = [],
            Cables = [],
            WanLinks = [new() { Name = "wan1", Path = "path1", Wanulator = "w", VmId = 1, Site = new("a", "b"), Far = new("c", "d"), Profile = profile }],
        },
        Hosts = [],
        Steps = [.. changes.Select((c, i) => new StepPlan
        {
            Name = c.Name,
            Host = "w",
            At = Ms(i),
            Action = new LinkChangeStep("wan1", c.Direction, c.Change, IsRestore: false),
            Command = "",
            Undo = "",
            Position = SourcePosition.WholeFile("x"),
        })],
        Expectations = [],
    };

    private static RunRecord Record(params (string Step, long AtMs)[] events) => new()
    {
        StartNs = 0,
        EndNs = 10_000_000_000,
        RanToEnd = true,
        WasInterrupted = false,
        Captures = [],
        Events = [.. events.Select(e => new RunEvent { AtNs = 0, Kind = RunEventKind.Step, Step = e.Step, Text = "", StartedNs = e.AtMs * 1_000_000, AcknowledgedNs = (e.AtMs + 1) * 1_000_000 })],
    };

    private static TestCaseData Case(string name, LinkChange change, Func<double, double, double> draw) => new TestCaseData(change, draw).SetArgDisplayNames(name);
}

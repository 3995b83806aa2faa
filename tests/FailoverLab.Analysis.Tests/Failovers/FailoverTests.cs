using FailoverLab.Packets;
using FailoverLab.Results;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

public sealed class FailoverTests
{
    [Test]
    public void Analyze_DropAndRestore_IsFailoverThenReversion()
    {
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at is >= 1050 * Ms and < 3000 * Ms ? 1 : 0],
            Survives = (_, path, at) => path != 0 || at is < 1000 * Ms or >= 2500 * Ms,
        };
        lab.Send(Up, 0, 9000 * Ms).Send(Down, 0, 9000 * Ms);
        FaultContext[] steps =
        [
            new("drop", T0 + (1000 * Ms), T0 + (1000 * Ms), false) { Path = "starlink-1" },
            new("restore", T0 + (2500 * Ms), T0 + (2500 * Ms), true) { Path = "starlink-1" },
        ];
        foreach (var context in new[] { Context(Up, Down) with { Faults = steps }, Context(Up, Down) })
        {
            var result = lab.Analyze(context);
            Assert.That(result.Failovers.Select(f => (f.Kind, f.FromPath, f.ToPath)), Is.EqualTo(new[]
            {
                (FailoverKind.Failover, "starlink-1", "starlink-2"), (FailoverKind.Reversion, "starlink-2", "starlink-1"),
            }));
            Assert.That(result.Failovers.Select(f => f.Fault.Step), Is.EqualTo(context.Faults.Count == 0 ? new string?[] { null, null } : ["drop", "restore"]));
            Assert.That(result.Failovers[1].Flows.Select(f => f.Lost), Is.All.EqualTo(0));
            Assert.That(result.Failovers[1].Flows.Select(f => f.Methods.TimestampBased!.ValueNs), Is.All.EqualTo(0), "made before broken");
            Assert.That(result.Outages, Has.Count.EqualTo(2));
            Assert.That(result.Paths.Single(p => p.Name == "starlink-1").FlapCount, Is.EqualTo(1));
        }
    }

    [Test]
    public void Analyze_RestoredPathLeftOnceMore_ItsSecondReturnIsNotTheRestoresDoing()
    {
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at is >= 1050 * Ms and < 3000 * Ms ? 1 : at is >= 5000 * Ms and < 6500 * Ms ? 2 : 0],
            Survives = (_, path, at) => path != 0 || at is < 1000 * Ms or >= 2500 * Ms,
        };
        var result = lab.Send(Up, 0, 9000 * Ms).Analyze(Context(Up) with
        {
            Faults =
            [
                new("drop", T0 + (1000 * Ms), T0 + (1000 * Ms), false) { Path = "starlink-1" },
                new("restore", T0 + (2500 * Ms), T0 + (2500 * Ms), true) { Path = "starlink-1" },
            ],
        });
        Assert.That(result.Failovers.Select(f => (f.FromPath, f.ToPath, f.Fault.Step)), Is.EqualTo(new[]
        {
            ("starlink-1", "starlink-2", "drop"), ("starlink-2", "starlink-1", "restore"), ("starlink-1", "byu", null), ("byu", "starlink-1", (string?)null),
        }));
    }

    [Test]
    public void Analyze_DuplicatedAndReorderedAtTheSwitch_DoesNotFlap()
    {
        // 100 ms on both paths around the switch, and the new path 16 ms faster, so that packets overtake.
        var lab = new SyntheticLab { Route = (_, at) => at < 1000 * Ms ? [0] : at < 1100 * Ms ? [0, 2] : [2] };
        var result = lab.Send(Up, 0, 2000 * Ms).Analyze(Context(Up));
        Assert.That(result.Failovers, Has.Count.EqualTo(1));
        Assert.That(result.Outages, Is.Empty);
        Assert.That((result.Flows[0].Lost, result.Flows[0].Duplicates), Is.EqualTo(((long?)0, (long?)100)));
        Assert.That(result.Flows[0].Reordered, Is.EqualTo(15), "the old path's last 15 were overtaken");
        Assert.That(result.Paths.Select(p => p.FlapCount), Is.All.EqualTo(0));
    }

    [Test]
    public void Analyze_StrayPacketsOnAnotherPath_AreNoMove()
    {
        var lab = new SyntheticLab { Route = (_, at) => [at / Ms % 10 is 5 or 6 ? 1 : 0] };
        Assert.That(lab.Send(Up, 0, 1000 * Ms).Analyze(Context(Up)).Failovers, Is.Empty);
    }

    [Test]
    public void Analyze_OtherRouterSamePath_IsAFailoverBetweenRouters()
    {
        var lab = new SyntheticLab
        {
            RouterOf = (_, at) => at < 1100 * Ms ? 0 : 1,
            Survives = (_, _, at) => at is < 1000 * Ms or >= 1100 * Ms,
        };
        var result = lab.Send(Up, 0, 2000 * Ms).Send(Down, 0, 2000 * Ms).Analyze(Context(Up, Down) with
        {
            Faults = [new FaultContext("kill router-1", T0 + (1000 * Ms), null, false) { Router = "router-1" }],
        });
        var failover = result.Failovers.Single();
        Assert.That((failover.Kind, failover.FromPath, failover.ToPath), Is.EqualTo((FailoverKind.Failover, "starlink-1", "starlink-1")));
        Assert.That((failover.FromRouter, failover.ToRouter, failover.Fault.Step), Is.EqualTo(("router-1", "router-2", "kill router-1")));
        Assert.That(failover.Flows, Has.Count.EqualTo(2));
    }

    [Test]
    public void Analyze_NoBackupTakesOver_IsAFailoverToNowhere()
    {
        var lab = new SyntheticLab { Survives = (_, _, at) => at < 1000 * Ms };
        var result = lab.Send(Up, 0, 4000 * Ms).Send(Down, 0, 4000 * Ms).Analyze(Context(Up, Down));
        var failover = result.Failovers.Single();
        Assert.That((failover.FromPath, failover.ToPath), Is.EqualTo(("starlink-1", (string?)null)));
        (T0 + (1000 * Ms)).AssertHeldBy(failover.Fault.PacketsLowNs!.Value, failover.Fault.PacketsHighNs);
        Assert.That(failover.Anatomy.Select(m => m.Mark), Is.EqualTo(new[] { AnatomyMarkKind.Fault, AnatomyMarkKind.LastGood }));
        Assert.That(result.Outages.Select(o => (o.Recovered, o.EndNs, o.HighNs)), Is.All.EqualTo((false, (long?)null, (long?)null)));
        Assert.That(result.Outages.Select(o => o.DurationNs), Is.All.EqualTo(2979 * Ms).Within(2 * Ms));
    }

    [Test]
    public void Analyze_EveryLinkDroppedAndRestored_NamesEachMove()
    {
        // starlink-1, starlink-2 and byu die one after another; all come back at 8 s and the preferred one is taken again.
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < 2050 * Ms ? 0 : at < 4050 * Ms ? 1 : at < 8100 * Ms ? 2 : 0],
            Survives = (_, path, at) => at >= 8000 * Ms || at < (2000 * Ms) + (path * 2000 * Ms),
        };
        string[] names = ["starlink-1", "starlink-2", "byu"];
        var result = lab.Send(Up, 0, 10_000 * Ms).Analyze(Context(Up) with
        {
            Faults =
            [
                .. names.Select((n, i) => new FaultContext($"drop {n}", T0 + (2000 * Ms) + (i * 2000 * Ms), null, false) { Path = n }),
                .. names.Select(n => new FaultContext($"restore {n}", T0 + (8000 * Ms), null, true) { Path = n }),
            ],
        });
        Assert.That(result.Failovers.Select(f => (f.Kind, f.FromPath, f.ToPath, f.Fault.Step)), Is.EqualTo(new[]
        {
            (FailoverKind.Failover, "starlink-1", "starlink-2", "drop starlink-1"),
            (FailoverKind.Failover, "starlink-2", "byu", "drop starlink-2"),
            (FailoverKind.Reversion, "byu", "starlink-1", "restore starlink-1"),
        }));
        Assert.That(result.Outages.Select(o => o.Lost), Is.EqualTo(new[] { 50, 50, 2000 }).Within(1), "the last one ends on byu itself, when it is restored");
    }

    [Test]
    public void Analyze_StackEventsAndKeepalives_FillTheAnatomy()
    {
        const long Fault = 1000 * Ms;
        var lab = new SyntheticLab
        {
            Route = (flow, at) => [at < (flow == Up.Id ? 1060 : 1085) * Ms ? 0 : 1],
            Survives = (_, path, at) => path != 0 || at < Fault,
        };
        lab.Send(Up, 0, 7000 * Ms).Send(Down, 0, 7000 * Ms);
        for (var k = 0; k < 200; k++)
        {
            var at = (k * 10 * Ms) + (3 * Ms);
            var keepalive = FrameBuilder.Signal(new TunnelHeader(2, 0, 100, (uint)k, 0));
            lab.Captures.Add("endpoint.sl1", T0 + at, keepalive);
            if (at < Fault) lab.Captures.Add("hub.sl1", T0 + at + (20 * Ms), keepalive);
        }

        var result = lab.Analyze(Context(Up, Down) with
        {
            StackEvents =
            [
                Event(500, "path-dead", ("path", "starlink-1")),
                Event(1035, "path-suspect", ("path", "starlink-1")),
                Event(1050, "path-dead", ("path", "starlink-1")),
                Event(1052, "path-dead", ("path", "byu")),
                Event(1055, "switch-decided", ("fromPath", "starlink-1"), ("toPath", "starlink-2"), ("correlation", "7")),
                Event(1056, "activation-sent", ("path", "starlink-2"), ("correlation", "6")),
                Event(1057, "activation-sent", ("path", "starlink-2"), ("correlation", "7")),
            ],
        });
        var marks = result.Failovers.Single().Anatomy.ToDictionary(m => m.Mark, m => (m.AtNs - T0) / 1e6);
        Assert.That(marks[AnatomyMarkKind.Fault], Is.EqualTo(1000).Within(1));
        Assert.That(marks[AnatomyMarkKind.LastGood], Is.EqualTo(1019.5).Within(1));
        Assert.That(marks[AnatomyMarkKind.MissedKeepalive], Is.EqualTo(1023).Within(0.01), "entered at 1003, should have come out 20 ms later");
        Assert.That(marks[AnatomyMarkKind.Detected], Is.EqualTo(1050));
        Assert.That(marks[AnatomyMarkKind.Decided], Is.EqualTo(1055));
        Assert.That(marks[AnatomyMarkKind.Commanded], Is.EqualTo(1057));
        Assert.That(marks[AnatomyMarkKind.FirstOnNewPath], Is.EqualTo(1082).Within(1));
        Assert.That(marks[AnatomyMarkKind.ReverseMoved], Is.EqualTo(1107).Within(1));
        Assert.That(marks[AnatomyMarkKind.Recovered], Is.EqualTo(marks[AnatomyMarkKind.ReverseMoved]));
        Assert.That(marks[AnatomyMarkKind.Sustained], Is.EqualTo(marks[AnatomyMarkKind.Recovered] + 5000));
        Assert.That(result.Failovers[0].Anatomy, Is.Ordered.By("AtNs"));
        Assert.That(result.Failovers[0].Largest!.Mark, Is.EqualTo(AnatomyMarkKind.Detected), "27 of some 107 ms, from the keepalive that did not come");
        Assert.That(result.Failovers[0].Largest!.Share, Is.EqualTo(27 / 107.0).Within(0.01));
    }

    /// <summary>Nothing in the log is of this switch: a path that recovered did not detect a fault, and the activation told is of another.</summary>
    [Test]
    public void Analyze_EventsOfOtherSwitches_AreNoMarks()
    {
        var lab = new SyntheticLab { Route = (_, at) => [at < 1060 * Ms ? 0 : 1], Survives = (_, path, at) => path != 0 || at < 1000 * Ms };
        var marks = lab.Send(Up, 0, 4000 * Ms).Analyze(Context(Up) with
        {
            StackEvents =
            [
                Event(1040, "path-recovered", ("path", "starlink-2")),
                Event(1050, "activation-sent", ("path", "byu")),
                Event(3000, "activation-sent", ("path", "starlink-2"), ("correlation", "9")),
            ],
        }).Failovers.Single().Anatomy.Select(m => m.Mark);
        Assert.That(marks, Has.None.EqualTo(AnatomyMarkKind.Detected).And.None.EqualTo(AnatomyMarkKind.Commanded));
    }

    /// <summary>A log without decisions still tells the command, where it names the new path in time.</summary>
    [Test]
    public void Analyze_NoDecisionLogged_TheActivationOfTheNewPathIsTheCommand()
    {
        var lab = new SyntheticLab { Route = (_, at) => [at < 1060 * Ms ? 0 : 1], Survives = (_, path, at) => path != 0 || at < 1000 * Ms };
        var marks = lab.Send(Up, 0, 4000 * Ms).Analyze(Context(Up) with
        {
            StackEvents = [Event(1050, "activation-sent", ("path", "byu")), Event(1057, "activation-sent", ("path", "starlink-2"))],
        }).Failovers.Single().Anatomy;
        Assert.That(marks.Single(m => m.Mark == AnatomyMarkKind.Commanded).AtNs, Is.EqualTo(T0 + (1057 * Ms)));
    }

    private static RunEvent Event(long atMs, string name, params (string, string)[] data) => new()
    {
        AtNs = T0 + (atMs * Ms),
        Kind = RunEventKind.Stack,
        Host = "endpoint",
        Text = name,
        Data = data.ToDictionary(d => d.Item1, d => d.Item2),
    };
}

using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner.Tests;

public sealed class TracedLinksTests
{
    private static readonly TracePlan Trace = new("/traces/att.up", TraceClock.Start);

    [Test]
    public void Caveats_LinkWithATrace_SaysThatItWasNotHeldAgainstIt()
    {
        var caveat = TracedLinks.Caveats(Plan(LinkChange.Good with { Trace = Trace }, new()), Record("01-step")).Single();
        Assert.That((caveat.Code, caveat.Affects.Single()), Is.EqualTo(("link-not-audited", "lte")));
        Assert.That(caveat.Text, Does.StartWith("lte was driven by the trace att.up, "));
    }

    [TestCase("01-step", 1)]
    [TestCase("02-other", 0)]
    public void Caveats_StepThatPutsATraceOn_CountsWhenItStarted(string started, int expected) =>
        Assert.That(TracedLinks.Caveats(Plan(LinkChange.Good, new() { Trace = Trace }), Record(started)).ToList(), Has.Count.EqualTo(expected));

    [TestCase(LinkDriver.Emulator, 1)]
    [TestCase(LinkDriver.Netem, 0)]
    public void Caveats_LinkOfAHostWithATraceForItsProfile_CountsWhereTheProfileIsInForce(LinkDriver driver, int expected)
    {
        var plan = Plan(LinkChange.Good, new() { Loss = new Ratio(0.1) }) with
        {
            Topology = null,
            Links = [new LinkPlan { Name = "wan1", Path = "lte", Driver = driver, Host = "emu", Lan = "a", Wan = "b", Profile = LinkChange.Good with { Trace = Trace } }],
        };
        Assert.That(TracedLinks.Caveats(plan, Record("01-step")).ToList(), Has.Count.EqualTo(expected));
    }

    [Test]
    public void Caveats_NoTrace_SaysNothing() =>
        Assert.That(TracedLinks.Caveats(Plan(LinkChange.Good, new() { Trace = TracePlan.None, Loss = new Ratio(0.1) }), Record("01-step")), Is.Empty);

    private static RunRecord Record(string started) => new()
    {
        StartNs = 0,
        EndNs = 1,
        RanToEnd = true,
        WasInterrupted = false,
        Captures = [],
        Events = [new RunEvent { AtNs = 1, Kind = RunEventKind.Step, Text = "", Step = started, StartedNs = 1 }],
    };

    private static RunPlan Plan(LinkChange profile, LinkChange change)
    {
        var link = new WanLinkPlan { Name = "wan1", Path = "lte", Wanulator = "emu", VmId = 1, Site = null!, Far = null!, Profile = profile };
        return new RunPlan
        {
            Scenario = "s",
            Description = "",
            Duration = TimeSpan.FromSeconds(1),
            Seed = 1,
            Topology = new TopologyPlan { File = "t.yaml", Nodes = [], Cables = [], WanLinks = [link] },
            Hosts = [],
            Steps =
            [
                new StepPlan
                {
                    Name = "01-step",
                    Host = "emu",
                    At = TimeSpan.Zero,
                    Action = new LinkChangeStep("wan1", LinkDirection.Both, change, IsRestore: false),
                    Command = "",
                    Undo = "",
                    Position = new SourcePosition("s.yaml", 1, 1),
                },
            ],
            Expectations = [],
        };
    }
}

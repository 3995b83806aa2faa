using FailoverLab.Results;

namespace FailoverLab.Cli.Tests;

/// <summary>What an analysis prints.</summary>
public sealed class AnalysisTableTests
{
    [Test]
    public void Write_Flow_NamesItWithItsCounts() => Assert.That(Printed(), Does.Contain("flow-7").And.Contains("1 234"));

    [Test]
    public void Write_Failover_NamesTheLargestShareOfItsTime()
    {
        AnatomyMark[] marks = [new(AnatomyMarkKind.Fault, 0), new(AnatomyMarkKind.Detected, 50_000_000), new(AnatomyMarkKind.Recovered, 62_500_000), new(AnatomyMarkKind.Sustained, 5_062_500_000)];
        var failover = new Failover
        {
            Kind = FailoverKind.Failover,
            FromPath = "fibre",
            ToPath = "lte",
            Fault = new FaultInstant(),
            Flows = [],
            Anatomy = marks,
            Largest = AnatomyShare.LargestOf(marks),
        };
        Assert.That(Printed(failover), Does.Contain("fibre → lte: the largest share, 50.0 ms or 80 %, went to detection"));
    }

    private static string Printed(params Failover[] failovers)
    {
        using var output = new StringWriter();
        var result = new RunResult
        {
            Captures = [new CaptureSummary("any.pcap", null, 1234, null, false, null, null)],
            Flows = [new FlowSummary { Id = "flow-7", Kind = FlowKind.Probe, Received = 1234 }],
            Failovers = failovers,
        };
        AnalysisTable.Write(TerminalConsole.On(output, 120, colour: false), result);
        return output.ToString();
    }
}

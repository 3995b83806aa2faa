using FailoverLab.Results;

namespace FailoverLab.Cli.Tests;

/// <summary>What an analysis prints.</summary>
public sealed class AnalysisTableTests
{
    [Test]
    public void Prepare_BeforeWriting_ChangesNothingPrinted()
    {
        var alone = Printed();
        AnalysisTable.Prepare().Join();
        Assert.Multiple(() =>
        {
            Assert.That(alone, Does.Contain("flow-7").And.Contains("1 234"));
            Assert.That(Printed(), Is.EqualTo(alone));
        });
    }

    private static string Printed()
    {
        using var output = new StringWriter();
        var result = new RunResult
        {
            Captures = [new CaptureSummary("any.pcap", null, 1234, null, false, null, null)],
            Flows = [new FlowSummary { Id = "flow-7", Kind = FlowKind.Probe, Received = 1234 }],
        };
        AnalysisTable.Write(TerminalConsole.On(output, 120, colour: false), result);
        return output.ToString();
    }
}

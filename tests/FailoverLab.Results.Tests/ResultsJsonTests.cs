using System.Text.Json;

namespace FailoverLab.Results.Tests;

/// <summary>The JSON names other programs build on.</summary>
public sealed class ResultsJsonTests
{
    [Test]
    public void Document_UnknownValues_AreAbsent()
    {
        using var document = JsonDocument.Parse(JsonSerializer.Serialize(new RunResult(), ResultsJson.Document.RunResult));

        Assert.That(
            document.RootElement.EnumerateObject().Select(p => p.Name).ToList(),
            Is.EqualTo(new[] { "schemaVersion", "captures", "flows", "outages", "failovers", "paths", "expectations", "caveats" }));
    }

    [TestCase(Verdict.Pass, "\"pass\"")]
    [TestCase(Verdict.Inconclusive, "\"inconclusive\"")]
    [TestCase(FlowKind.Iperf3Udp, "\"iperf3-udp\"")]
    [TestCase(FlowKind.IcmpEcho, "\"icmp-echo\"")]
    [TestCase(FailoverKind.Reversion, "\"reversion\"")]
    [TestCase(AnatomyMarkKind.FirstOnNewPath, "\"firstOnNewPath\"")]
    [TestCase(RunEventKind.NodeExit, "\"node-exit\"")]
    public void Document_Words_AreTheContracts(object value, string expected) =>
        Assert.That(JsonSerializer.Serialize(value, value.GetType(), ResultsJson.Document.Options), Is.EqualTo(expected));

    [Test]
    public void Document_WrittenAndRead_IsTheSame()
    {
        var outage = new Outage { Flow = "f", StartNs = 5, DurationNs = 3, LowNs = 2, Recovered = false };
        var result = new RunResult { Scenario = "drop", Verdict = Verdict.Fail, Seed = ulong.MaxValue, StartNs = long.MaxValue, Outages = [outage] };

        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(result, ResultsJson.Document.RunResult), ResultsJson.Document.RunResult)!;

        Assert.That(read.Outages.ToList(), Is.EqualTo(new[] { outage }));
        Assert.That((read.Scenario, read.Verdict, read.Seed, read.StartNs, read.Restored), Is.EqualTo(("drop", Verdict.Fail, ulong.MaxValue, long.MaxValue, (bool?)null)));
    }

    [Test]
    public void Line_Event_HasNoLineBreak()
    {
        var item = new RunEvent { AtNs = 1, Kind = RunEventKind.Stack, Text = "a\nb", Data = new Dictionary<string, string> { ["path"] = "x\ny" } };

        Assert.That(JsonSerializer.Serialize(item, ResultsJson.Line.RunEvent), Does.Not.Contain("\n"));
    }
}

using System.Globalization;
using FailoverLab.Results;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

public sealed class WorkedExampleTests
{
    [Test]
    public void Measurement_WorkedExample_IsWhatTheProgramComputes()
    {
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < (1060 * Ms) + 400_000 ? 0 : 1],
            Survives = (_, path, at) => path != 0 || at < (1000 * Ms) + 400_000,
        };
        var result = lab.Send(Up, 0, 2000 * Ms).Analyze(Context(Up));
        var (outage, failover) = (result.Outages.Single(), result.Failovers.Single());
        var methods = failover.Flows.Single().Methods;
        string[] computed =
        [
            $"| fault | | {Text(failover.Fault.PacketsLowNs!.Value - T0)} | {Text(failover.Fault.PacketsHighNs!.Value - T0)} |",
            Row("outage", new MeasuredTime(outage.DurationNs, outage.LowNs, outage.HighNs!.Value)),
            Row("timestampBased", methods.TimestampBased!),
            Row("timeBasedLoss", methods.TimeBasedLoss!),
            Row("packetLossBased", methods.PacketLossBased!),
            Row("routeSpecificLossDerived", methods.RouteSpecificLossDerived!),
            Row("lossDerived", methods.LossDerived!),
            Row("rateDerivedFirst", methods.RateDerivedFirst!),
            Row("rateDerivedFull", methods.RateDerivedFull!),
        ];
        var section = File.ReadLines(Page()).SkipWhile(l => !l.StartsWith("## 6.", StringComparison.Ordinal)).Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal));
        var printed = section.Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1);
        Assert.That(printed, Is.EqualTo(computed));
    }

    private static string Row(string name, MeasuredTime time) => $"| {name} | {Text(time.ValueNs)} | {Text(time.LowNs)} | {Text(time.HighNs)} |";

    private static string Text(long ns) => (ns / 1e6).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Page()
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "FailoverLab.sln"))) directory = directory.Parent!;
        return Path.Combine(directory.FullName, "docs", "MEASUREMENT.md");
    }
}

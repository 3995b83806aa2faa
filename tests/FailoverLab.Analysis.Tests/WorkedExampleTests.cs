using System.Globalization;
using FailoverLab.Results;
using FailoverLab.Testing;
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
            .. Rows(methods),
        ];
        Assert.That(Printed("## 6."), Is.EqualTo(computed));
    }

    [Test]
    public void Measurement_WorkedReversion_IsWhatTheProgramComputes()
    {
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < (1060 * Ms) + 400_000 || at >= (3000 * Ms) + 400_000 ? 0 : 1],
            Survives = (_, path, at) => path != 0 || at < (1000 * Ms) + 400_000 || at >= (2000 * Ms) + 400_000,
        };
        var reversion = lab.Send(Up, 0, 9000 * Ms).Analyze(Context(Up)).Failovers[1];
        var methods = reversion.Flows.Single().Methods;
        Assert.That(reversion.Kind, Is.EqualTo(FailoverKind.Reversion));
        var computed = Rows(methods);
        TestContext.Out.WriteLine(string.Join("\n", computed));
        Assert.That(Printed("### The way back"), Is.EqualTo(computed));
    }

    [Test]
    public void Measurement_WorkedTcpStall_IsWhatTheProgramComputes()
    {
        // A segment of 1,000 bytes every 10 ms, answered after 40; nothing that enters the path from 1000 to 2000 ms comes through.
        var captures = new CaptureBuilder();
        for (var i = 0; i < 300; i++)
        {
            var sent = i < 103 ? i * 10 : 2500 + ((i - 103) * 10);
            if (sent is >= 1000 and < 2000) captures.Add("sender.eth0", T0 + (sent * Ms), Segment(i));
            else Exchange(captures, i, sent);
        }

        foreach (var again in new[] { 1240, 1640 }) captures.Add("sender.eth0", T0 + (again * Ms), Segment(100));
        Exchange(captures, 102, 2440);
        var stall = captures.Analyze().Outages.Single();
        string[] computed = [$"| stall | {Text(stall.DurationNs)} | {Text(stall.LowNs)} | {Text(stall.HighNs!.Value)} |", $"| begins, ends | | {Text(stall.StartNs - T0)} | {Text(stall.EndNs!.Value - T0)} |"];
        TestContext.Out.WriteLine(string.Join("\n", computed));
        Assert.That(Printed("### A TCP connection"), Is.EqualTo(computed));
    }

    private static void Exchange(CaptureBuilder captures, int i, long ms) =>
        captures.Add("sender.eth0", T0 + (ms * Ms), Segment(i)).Add("sender.eth0", T0 + ((ms + 40) * Ms), ForeignFrames.Tcp(true, 1, (uint)(1 + ((i + 1) * 1000)), 0));

    private static byte[] Segment(int i) => ForeignFrames.Tcp(false, (uint)(1 + (i * 1000)), 1, 1000);

    /// <summary>The rows of the first table below a heading.</summary>
    private static IEnumerable<string> Printed(string heading) =>
        File.ReadLines(Page()).SkipWhile(l => !l.StartsWith(heading, StringComparison.Ordinal)).Skip(1).TakeWhile(l => !l.StartsWith('#')).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1);

    private static string[] Rows(FailoverMethods methods) =>
    [
        Row("timestampBased", methods.TimestampBased!),
        Row("timeBasedLoss", methods.TimeBasedLoss!),
        Row("packetLossBased", methods.PacketLossBased!),
        Row("routeSpecificLossDerived", methods.RouteSpecificLossDerived!),
        Row("lossDerived", methods.LossDerived!),
        Row("rateDerivedFirst", methods.RateDerivedFirst!),
        Row("rateDerivedFull", methods.RateDerivedFull!),
    ];

    private static string Row(string name, MeasuredTime time) => $"| {name} | {Text(time.ValueNs)} | {Text(time.LowNs)} | {Text(time.HighNs)} |";

    private static string Text(long ns) => (ns / 1e6).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Page()
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "FailoverLab.sln"))) directory = directory.Parent!;
        return Path.Combine(directory.FullName, "docs", "MEASUREMENT.md");
    }
}

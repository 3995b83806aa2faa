using FailoverLab.Results;

namespace FailoverLab.Cli.Tests;

public sealed class GaugeTableTests
{
    private const long Us = 1_000;

    [Test]
    public void Write_OneMethodBeyondTheGoal_ShowsItsFiguresAndNamesIt()
    {
        var text = Printed.By(console => GaugeTable.Write(console, Result()), 120);
        Assert.That(text, Does.Contain("  ✓   outage         −0.284 ± 0.253 ms   0.354 ms        5.040 ms   100 % [92.89, 100]"));
        Assert.That(text, Does.Contain("  ✗   faultInstant   1.500 ± 0.010 ms"));
        Assert.That(text, Does.Contain("note  far.a: 3 packets were not captured."));
        Assert.That(text.Replace('\n', ' '), Does.Contain(" FAIL: 50 cuts, a packet every 1.00 ms.").And.EndsWith("Not reached by faultInstant."));
    }

    [Test]
    public void Write_DisturbedCuts_AreCounted()
    {
        var result = Result();
        var text = Printed.By(console => GaugeTable.Write(console, result with { Runs = [.. result.Runs.Select((r, k) => k < 7 ? r with { DisturbedNs = 2_000 * Us } : r)] }), 120);
        Assert.That(text.Replace('\n', ' '), Does.Contain(" In 7 of the cuts the machine paused or a packet at an edge was late;"));
    }

    [TestCase(40)]
    [TestCase(80)]
    [TestCase(120)]
    public void Write_AnyWidth_NoLineIsWider(int width) =>
        Assert.That(Printed.By(console => GaugeTable.Write(console, Result()), width).Split('\n').Select(l => l.Length), Is.All.LessThanOrEqualTo(width));

    private static GaugeResult Result() => new()
    {
        IntervalNs = 1_000 * Us,
        Verdict = Verdict.Fail,
        Methods =
        [
            Method("outage", new MeasuredTime(-284 * Us, -537 * Us, -31 * Us), 354 * Us, 5_040 * Us, Verdict.Pass),
            Method("faultInstant", new MeasuredTime(1_500 * Us, 1_490 * Us, 1_510 * Us), 36 * Us, 1_000 * Us, Verdict.Fail),
        ],
        Runs = [.. Enumerable.Range(0, 50).Select(k => new GaugeRun
        {
            CutNs = k,
            GapNs = 1,
            FromPath = "a",
            ToPath = "b",
            DelayChangeNs = 0,
            Measured = new Dictionary<string, MeasuredTime>(),
        })],
        Strays = 0,
        Caveats = [new Caveat("capture-drops", "far.a: 3 packets were not captured.", ["far.a"])],
    };

    private static GaugeMethod Method(string name, MeasuredTime bias, long deviationNs, long widthNs, Verdict verdict) => new()
    {
        Name = name,
        Cuts = 50,
        Found = 50,
        GoalNs = 1_000 * Us,
        BiasNs = bias,
        RepeatabilityNs = deviationNs,
        WidthNs = widthNs,
        Coverage = new MeasuredShare(1, 0.92888, 1),
        Verdict = verdict,
    };
}

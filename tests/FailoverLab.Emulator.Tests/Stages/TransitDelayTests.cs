using static FailoverLab.Emulator.Tests.LinkRun;

namespace FailoverLab.Emulator.Tests;

internal sealed class TransitDelayTests
{
    private const int Count = 50_000;

    private static readonly LinkImpairments Base = new() { Delay = TimeSpan.FromMilliseconds(100), Jitter = TimeSpan.FromMilliseconds(10), KeepsOrder = false };

    // Cumulative distributions of the delay in ms; the greatest distance to what was seen is at most 1.95 / sqrt(n), 99.9 % of the time.
    private static IEnumerable<TestCaseData> Models()
    {
        yield return Case(UniformJitter.Above, x => (x - 100) / 10, "uniform above");
        yield return Case(UniformJitter.Around, x => (x - 90) / 20, "uniform around");
        yield return Case(new NormalJitter(), x => Normal((x - 100) / 10), "normal");
        yield return Case(new ParetoJitter(), x => 1 - Math.Pow(1 + ((x - 100) / 10), -3), "pareto");
        yield return Case(new TableJitter([-1, 0, 0.5, 4]), x => Table((x - 100) / 10), "table");
    }

    [TestCaseSource(nameof(Models))]
    public void DrawNs_Model_FollowsItsDistribution(JitterModel model, Func<double, double> below)
    {
        var delays = Fates(Base with { JitterModel = model }, Count).Select(f => (f.DueNs - f.ArrivalNs) / (double)MillisecondNs).Order().ToList();
        var distance = delays.Select((x, i) => Math.Max(Math.Abs(Math.Clamp(below(x), 0, 1) - (i / (double)Count)), Math.Abs(Math.Clamp(below(x), 0, 1) - ((i + 1.0) / Count)))).Max();
        Assert.That(distance, Is.LessThan(1.95 / Math.Sqrt(Count)));
    }

    [Test]
    public void DrawNs_JitterLargerThanDelay_IsNeverEarly()
    {
        var fates = Fates(Base with { Delay = TimeSpan.FromMilliseconds(5), JitterModel = new NormalJitter() }, 5000);
        Assert.That(fates.Select(f => f.DueNs - f.ArrivalNs), Is.All.GreaterThanOrEqualTo(0));
        Assert.That(fates.Count(f => f.DueNs == f.ArrivalNs), Is.GreaterThan(1000));
    }

    [Test]
    public void KeepsOrder_Off_PacketsOvertake()
    {
        var fates = Fates(Base, 2000);
        Assert.That(fates.Zip(fates.Skip(1)).Count(p => p.Second.DueNs < p.First.DueNs), Is.GreaterThan(500));
    }

    [Test]
    public void KeepsOrder_On_NobodyOvertakesAndEachTakesWhatItMust()
    {
        var free = Fates(Base, 2000);
        var kept = Fates(Base with { KeepsOrder = true }, 2000);
        var lastNs = 0L;
        for (var i = 0; i < free.Count; i++)
        {
            lastNs = Math.Max(lastNs, free[i].DueNs);
            Assert.That(kept[i].DueNs, Is.EqualTo(lastNs));
        }
    }

    private static TestCaseData Case(JitterModel model, Func<double, double> below, string name) =>
        new TestCaseData(model, below).SetArgDisplayNames(name);

    private static double Table(double x) => x < 0 ? (x + 1) / 3 : x < 0.5 ? (1 / 3.0) + (x / 1.5) : (2 / 3.0) + ((x - 0.5) / 10.5);

    // Abramowitz and Stegun 26.2.17, good to 7.5e-8.
    private static double Normal(double x)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        var tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)
            * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return x < 0 ? tail : 1 - tail;
    }
}

using FailoverLab.Results;

namespace FailoverLab.Runner.Tests;

/// <summary>The instrument held against a thousand failovers whose truth is exactly known.</summary>
public sealed class VirtualGaugeTests
{
    private const int Cuts = 1000;
    private const long Unit = 1_000_000;
    private static readonly string[] ByPackets = ["outage", "timestampBased", "timeBasedLoss", "packetLossBased", "routeSpecificLossDerived", "lossDerived", "faultInstant"];
    private static readonly string[] BySampling = ["rateDerivedFirst", "rateDerivedFull"];

    [Test]
    public void Analyze_AThousandGaugedCuts_IsUnbiasedAndHoldsTheTruth()
    {
        var runs = new GaugeRun[Cuts];
        var intervals = new long[Cuts];
        var unexplained = new string?[Cuts];
        var strays = 0;
        Parallel.For(0, Cuts, i =>
        {
            var gauge = new VirtualGauge((ulong)i);
            var result = gauge.Analyze();
            var (read, extra) = GaugeReader.Read(result, [gauge.Truth]);
            unexplained[i] = result.Failovers.SelectMany(f => f.Disagreements ?? []).FirstOrDefault(d => d.Cause == "unexplained")?.Text;
            (runs[i], intervals[i]) = (read[0], gauge.IntervalNs);
            Interlocked.Add(ref strays, extra);
        });

        // Every cut has its own sending interval, and bias is measured in it; the sampling interval of the rates is 10 ms for all of them.
        var byPackets = GaugeConclusion.Conclude([.. runs.Zip(intervals, Scaled)], strays, Unit).Methods.Where(m => ByPackets.Contains(m.Name)).ToList();
        var bySampling = GaugeConclusion.Conclude(runs, strays, intervals.Max()).Methods.Where(m => BySampling.Contains(m.Name)).ToList();
        TestContext.Out.WriteLine($"seeds 0 to {Cuts - 1}; times in sending intervals:");
        byPackets.ForEach(Print);
        TestContext.Out.WriteLine("times in ms:");
        bySampling.ForEach(Print);
        var untold = unexplained.Select((text, seed) => $"seed {seed}: {text}").Where((_, seed) => unexplained[seed] is not null).ToList();
        untold.ForEach(TestContext.Out.WriteLine);
        Assert.Multiple(() =>
        {
            Assert.That(byPackets.Select(m => m.Name), Is.EqualTo(ByPackets));
            Assert.That(bySampling.Select(m => m.Name), Is.EqualTo(BySampling));
            foreach (var method in byPackets.Concat(bySampling))
            {
                Assert.That(Math.Abs(method.BiasNs!.ValueNs), Is.LessThanOrEqualTo(method.GoalNs), method.Name);
                Assert.That(method.Coverage.Value, Is.GreaterThanOrEqualTo(0.95), method.Name);
                Assert.That(method.Verdict, Is.EqualTo(Verdict.Pass), method.Name);
            }

            Assert.That(strays, Is.Zero);
            Assert.That(untold, Is.Empty, "methods whose intervals have nothing in common, for no known cause");
        });
    }

    /// <summary>Paths that pause for up to 10 ms, so that packets at the edges come late: what was seen is off by it, and every interval says so.</summary>
    [TestCase]
    [TestCase("receiver.in")]
    public void Analyze_AThousandCutsOfPausingPaths_HoldsTheTruth(params string[] points)
    {
        var runs = new GaugeRun[Cuts];
        Parallel.For(0, Cuts, i =>
        {
            var gauge = new VirtualGauge((ulong)i, TimeSpan.FromMilliseconds(10));
            runs[i] = GaugeReader.Read(gauge.Analyze(points), [gauge.Truth]).Runs[0];
        });
        var methods = GaugeConclusion.Conclude(runs, strays: 0, Unit).Methods.Where(m => m.Found > 0).ToList();
        var disturbed = runs.Count(r => r.DisturbedNs is not null);
        TestContext.Out.WriteLine($"seeds 0 to {Cuts - 1}; {disturbed} with a packet late at an edge; times in ms:");
        methods.ForEach(Print);
        Assert.Multiple(() =>
        {
            Assert.That(methods.Select(m => m.Name), Is.EquivalentTo(points.Length == 0 ? [.. ByPackets, .. BySampling] : new[] { "outage" }));
            foreach (var method in methods)
            {
                Assert.That(method.Coverage.Value, Is.GreaterThanOrEqualTo(0.95), method.Name);
            }

            Assert.That(disturbed, Is.GreaterThan(Cuts / 4), "or the test says nothing");
        });
    }

    private static void Print(GaugeMethod method)
    {
        var coverage = method.Coverage;
        TestContext.Out.WriteLine(
            $"{method.Name}: found {method.Found}, bias {In(method.BiasNs!.ValueNs):F4} [{In(method.BiasNs.LowNs):F4}, {In(method.BiasNs.HighNs):F4}], "
            + $"repeatability {In(method.RepeatabilityNs!.Value):F3}, interval {In(method.WidthNs!.Value):F2}, coverage {coverage.Value:P1} [{coverage.Low:P1}, {coverage.High:P1}]");

        static double In(long ns) => ns / (double)Unit;
    }

    /// <summary>Times in sending intervals (of a million parts), instants from the cut. Order is kept, so what is held stays held.</summary>
    private static GaugeRun Scaled(GaugeRun run, long intervalNs)
    {
        return run with
        {
            CutNs = 0,
            GapNs = Scale(run.GapNs),
            DelayChangeNs = Scale(run.GapNs + run.DelayChangeNs) - Scale(run.GapNs),
            Measured = run.Measured.ToDictionary(m => m.Key, m => From(m.Value, m.Key == GaugedMethod.FaultInstant ? run.CutNs : 0)),
        };

        MeasuredTime From(MeasuredTime time, long originNs) =>
            new(Scale(time.ValueNs - originNs), Scale(time.LowNs - originNs), Scale(time.HighNs - originNs));

        long Scale(long ns) => (long)Math.Floor(ns * (double)Unit / intervalNs);
    }
}

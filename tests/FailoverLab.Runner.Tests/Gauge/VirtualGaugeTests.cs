using FailoverLab.Results;

namespace FailoverLab.Runner.Tests;

/// <summary>The instrument held against a thousand failovers whose truth is exactly known.</summary>
public sealed class VirtualGaugeTests
{
    private const int Cuts = 1000;
    private const long Unit = 1_000_000;

    [Test]
    public void Analyze_AThousandGaugedCuts_IsUnbiasedAndHoldsTheTruth()
    {
        var runs = new GaugeRun[Cuts];
        var strays = 0;
        Parallel.For(0, Cuts, i =>
        {
            var gauge = new VirtualGauge((ulong)i);
            var (read, extra) = GaugeReader.Read(gauge.Analyze(), [gauge.Truth]);
            runs[i] = Scaled(read[0], gauge.IntervalNs);
            Interlocked.Add(ref strays, extra);
        });

        var result = GaugeConclusion.Conclude(runs, strays, intervalNs: Unit);

        TestContext.Out.WriteLine($"seeds 0 to {Cuts - 1}; in sending intervals:");
        foreach (var method in result.Methods)
        {
            TestContext.Out.WriteLine(
                $"{method.Name}: found {method.Found}, bias {method.BiasNs!.ValueNs / (double)Unit:F4} [{method.BiasNs.LowNs / (double)Unit:F4}, {method.BiasNs.HighNs / (double)Unit:F4}], "
                + $"repeatability {method.RepeatabilityNs / (double)Unit:F3}, interval {method.WidthNs / (double)Unit:F2}, coverage {method.Coverage.Value:P1} [{method.Coverage.Low:P1}, {method.Coverage.High:P1}]");
            Assert.That(Math.Abs(method.BiasNs.ValueNs), Is.LessThanOrEqualTo(Unit), method.Name);
            Assert.That(method.Coverage.Value, Is.GreaterThanOrEqualTo(0.95), method.Name);
        }

        Assert.That(result.Methods.Select(m => m.Name), Is.SupersetOf(new[] { "outage", "timestampBased", "timeBasedLoss", "packetLossBased", "routeSpecificLossDerived", "lossDerived", "faultInstant" }));
        Assert.That((result.Verdict, result.Strays), Is.EqualTo((Verdict.Pass, 0)));
    }

    /// <summary>Times in sending intervals (of a million parts), because each cut has its own; instants from the cut. Order is kept, so what is held stays held.</summary>
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

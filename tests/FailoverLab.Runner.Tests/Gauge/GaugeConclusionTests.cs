using FailoverLab.Results;

namespace FailoverLab.Runner.Tests;

public sealed class GaugeConclusionTests
{
    private const long Ms = 1_000_000;
    private const int Cuts = 100;

    [Test]
    public void Conclude_EveryFigureGood_Passes()
    {
        var result = Conclude((_, error) => error);

        Assert.That(result.Verdict, Is.EqualTo(Verdict.Pass));
        Assert.That(result.Methods, Has.Count.EqualTo(7), "rate-derived methods are left out while no analysis gives them");
        var outage = result.Methods[0];
        Assert.That((outage.Cuts, outage.Found, outage.WidthNs), Is.EqualTo((Cuts, Cuts, 4 * Ms)));
        Assert.That(outage.BiasNs!.ValueNs, Is.Zero);
        Assert.That(outage.BiasNs.LowNs, Is.EqualTo(-outage.BiasNs.HighNs).And.LessThan(0));

        // Errors of 0, 1/2 and -1/2 ms in turn: a third of a hundred has none.
        Assert.That(outage.RepeatabilityNs, Is.EqualTo(Ms / 2 * Math.Sqrt(66 / 99.0)).Within(1));
    }

    [TestCase(0.9, "pass")]
    [TestCase(1.2, "fail")]
    public void Conclude_ShiftedByPackets_FailsBeyondOneSurely(double shift, string expected) =>
        Assert.That(Conclude((_, error) => error + (long)(shift * Ms)).Verdict.ToString(), Is.EqualTo(expected).IgnoreCase);

    [Test]
    public void Conclude_BiasBeyondByChance_DecidesNothing()
    {
        var result = Conclude((k, error) => (20 * error) + (Ms * 11 / 10), widthMs: 100);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [TestCase(5, Verdict.Pass)]
    [TestCase(7, Verdict.Inconclusive)]
    [TestCase(20, Verdict.Fail)]
    public void Conclude_TruthMissed_FailsWhenSurelyTooOften(int missed, Verdict expected)
    {
        var result = Conclude((k, error) => k < missed ? 3 * Ms * (k % 2 == 0 ? 1 : -1) : error);
        Assert.That(result.Methods[0].Coverage.Value, Is.EqualTo((Cuts - missed) / (double)Cuts));
        Assert.That(result.Verdict, Is.EqualTo(expected));
    }

    [Test]
    public void Conclude_CutsWithoutFigure_CountAsMissed()
    {
        var runs = Runs((_, error) => error, 2).Select((r, k) => k % 4 == 0 ? r with { Measured = new Dictionary<string, MeasuredTime>() } : r).ToList();
        var result = GaugeConclusion.Conclude(runs, strays: 0, Ms);
        Assert.That(result.Methods.Select(m => m.Coverage.Value), Is.All.EqualTo(0.75));
        Assert.That(result.Methods.Select(m => m.Found), Is.All.EqualTo(75));
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Fail));
    }

    [TestCase(9, Verdict.Pass)]
    [TestCase(12, Verdict.Fail)]
    public void Conclude_Rates_AreAllowedTheirSamplingInterval(int shiftMs, Verdict expected)
    {
        var runs = Runs((_, error) => error, 2).Select(r => r with
        {
            Measured = r.Measured.Append(new("rateDerivedFirst", new MeasuredTime(r.GapNs + (shiftMs * Ms) + (r.CutNs / 1_000_000), r.GapNs - Ms, r.GapNs + (20 * Ms)))).ToDictionary(),
        }).ToList();
        var method = GaugeConclusion.Conclude(runs, strays: 0, Ms).Methods.Single(m => m.Name == "rateDerivedFirst");
        Assert.That((method.GoalNs, method.Verdict), Is.EqualTo((10 * Ms, expected)));
    }

    [Test]
    public void Conclude_StrayFailover_Fails() =>
        Assert.That(GaugeConclusion.Conclude(Runs((_, error) => error, 2), strays: 1, Ms).Verdict, Is.EqualTo(Verdict.Fail));

    [Test]
    public void Conclude_NothingCut_DecidesNothing() =>
        Assert.That(GaugeConclusion.Conclude([], strays: 0, Ms).Verdict, Is.EqualTo(Verdict.Inconclusive));

    [Test]
    public void Conclude_SilenceThatHoldsTheGapAlone_DoesNotCover()
    {
        // The new path is 3 ms longer: an interval about the gap does not hold what the receiver went without.
        var runs = Runs((_, error) => error, 2).Select(r => r with { DelayChangeNs = 3 * Ms }).ToList();
        var methods = GaugeConclusion.Conclude(runs, strays: 0, Ms).Methods;
        Assert.That(methods.Where(m => m.Coverage.Value == 0).Select(m => m.Name), Is.EqualTo(new[] { "outage", "timeBasedLoss" }));
    }

    /// <summary>What only cuts show that the machine disturbed is its doing; what the others show too is the method's.</summary>
    [TestCase(30, 30, Verdict.Inconclusive)]
    [TestCase(30, 29, Verdict.Inconclusive)]
    [TestCase(30, 10, Verdict.Fail)]
    [TestCase(30, 0, Verdict.Fail)]
    [TestCase(4, 0, Verdict.Pass)]
    [TestCase(100, 100, Verdict.Inconclusive)]
    public void Conclude_TruthMissed_FailsOnlyByUndisturbedCuts(int missed, int disturbed, Verdict expected)
    {
        var runs = Runs((k, error) => k < missed ? 3 * Ms * (k % 2 == 0 ? 1 : -1) : error, 2).Select((r, k) => k < disturbed ? r with { DisturbedNs = 2 * Ms } : r).ToList();
        var result = GaugeConclusion.Conclude(runs, strays: 0, Ms);
        Assert.That(result.Methods[0].Coverage.Value, Is.EqualTo((Cuts - missed) / (double)Cuts), "the figures are those of all cuts");
        Assert.That(result.Verdict, Is.EqualTo(expected));
    }

    [Test]
    public void Conclude_BiasOfDisturbedCuts_DecidesNothing()
    {
        var runs = Runs((k, error) => error + (k % 2 == 0 ? 4 * Ms : 0), 20).Select((r, k) => k % 2 == 0 ? r with { DisturbedNs = 4 * Ms } : r).ToList();
        var result = GaugeConclusion.Conclude(runs, strays: 0, Ms);
        Assert.That(result.Methods.Select(m => m.BiasNs!.ValueNs), Is.All.EqualTo(2 * Ms).Within(Ms / 10));
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive));
    }

    /// <summary>A cut of 50 ms at 1,000 ms.</summary>
    [TestCase(1010, 3, true, 3L)]
    [TestCase(1098, 3, true, 3L)]
    [TestCase(950, 3, true, 3L)]
    [TestCase(900, 60, true, 60L)]
    [TestCase(1101, 3, true, null)]
    [TestCase(940, 9, true, null)]
    [TestCase(1010, 1, true, null)]
    [TestCase(1010, 9, false, null)]
    [TestCase(1010, 20, false, 20L)]
    public void Conclude_MachinePaused_DisturbsTheCutsOfThatTime(long atMs, long forMs, bool urgent, long? disturbedMs)
    {
        GaugeTruth[] truths = [new(1000 * Ms, 50 * Ms, "a", "b", 0), new(2000 * Ms, 50 * Ms, "b", "a", 0)];
        var runs = GaugeConclusion.Conclude(new RunResult(), truths, [new MachineStall(atMs * Ms, forMs * Ms, urgent)], Ms).Runs;
        Assert.That(runs.Select(r => r.DisturbedNs), Is.EqualTo(new[] { disturbedMs * Ms, null }));
    }

    [TestCase(null, null, null)]
    [TestCase(3L, null, 3L)]
    [TestCase(3L, 5L, 5L)]
    [TestCase(8L, 5L, 8L)]
    public void Conclude_PacketLateAtAnEdge_DisturbsTheCut(long? startMs, long? endMs, long? disturbedMs)
    {
        var outage = new Outage
        {
            Flow = "flow",
            StartNs = 1000 * Ms,
            EndNs = 1050 * Ms,
            DurationNs = 50 * Ms,
            LowNs = 0,
            HighNs = 60 * Ms,
            Recovered = true,
            StartLateNs = startMs * Ms,
            EndLateNs = endMs * Ms,
        };
        var runs = GaugeConclusion.Conclude(
            new RunResult { Outages = [outage] }, [new GaugeTruth(1000 * Ms, 50 * Ms, "a", "b", 0)], [new MachineStall(1000 * Ms, 2 * Ms, true)], Ms).Runs;
        Assert.That(runs.Single().DisturbedNs, Is.EqualTo((disturbedMs ?? 2) * Ms), "the longer of both");
    }

    private static GaugeResult Conclude(Func<int, long, long> error, long widthMs = 2) =>
        GaugeConclusion.Conclude(Runs(error, widthMs), strays: 0, intervalNs: Ms);

    /// <summary>Cuts of 50 ms on paths of equal delay; errors of 0, 1/2 and -1/2 ms in turn, changed by <paramref name="error"/>; intervals of the error's size to each side.</summary>
    private static List<GaugeRun> Runs(Func<int, long, long> error, long widthMs) => [.. Enumerable.Range(0, Cuts).Select(k =>
    {
        var own = error(k, (k % 3 == 2 ? -1 : k % 3) * Ms / 2);
        var names = GaugedMethod.All.Where(m => !m.BySampling).Select(m => m.Name);
        var gap = 50 * Ms;
        return new GaugeRun
        {
            CutNs = k * 1000 * Ms,
            GapNs = gap,
            FromPath = "a",
            ToPath = "b",
            DelayChangeNs = 0,
            Measured = names.ToDictionary(n => n, n =>
            {
                var value = own + (n == GaugedMethod.FaultInstant ? k * 1000 * Ms : gap);
                return new MeasuredTime(value, value - (widthMs * Ms), value + (widthMs * Ms));
            }),
        };
    })];
}

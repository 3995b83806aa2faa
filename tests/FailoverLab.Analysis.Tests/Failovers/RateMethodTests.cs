using FailoverLab.Results;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

/// <summary>What must be said beside the rate-derived figures: what they were sampled by, whether they held, how good the clocks are.</summary>
public sealed class RateMethodTests
{
    private const long Fault = 1000 * Ms;

    /// <summary>The new path carries every other packet, but for the last 100 ms that were seen.</summary>
    [Test]
    public void Analyze_FullRateForAMomentAtTheEnd_IsNoRecovery()
    {
        var lab = Lab();
        lab.Survives = (_, path, at) => path == 0 ? at < Fault : at >= 1900 * Ms || at / Ms % 2 == 0;
        var result = lab.Send(Up, 0, 2000 * Ms).Analyze(Context(Up));
        var flow = result.Failovers.Single().Flows.Single();
        Assert.That((flow.Methods.RateDerivedFull, flow.HeldNs), Is.EqualTo(((MeasuredTime?)null, (long?)null)));
        Assert.That(flow.Methods.RateDerivedFirst, Is.Not.Null);
    }

    /// <summary>Validated or not, and by what interval: packets 20 ms apart are not sampled every 10.</summary>
    [TestCase(9000, 1, 10, true)]
    [TestCase(9000, 20, 20, true)]
    [TestCase(9000, 25, 30, true)]
    [TestCase(3000, 1, 10, false)]
    public void Analyze_RateDerived_StatesSamplingAndHowLongItHeld(long endMs, long intervalMs, long samplingMs, bool isSustained)
    {
        var result = Lab().Send(Up, 0, endMs * Ms, intervalMs * Ms).Analyze(Context(Up));
        var flow = result.Failovers.Single().Flows.Single();
        Assert.That(flow.SamplingNs, Is.EqualTo(samplingMs * Ms));
        Assert.That(flow.HeldNs, isSustained ? Is.EqualTo(5000 * Ms) : Is.InRange(1700 * Ms, 2000 * Ms));
        Assert.That(result.Caveats.Any(c => c.Code == "not-sustained" && c.Affects.Contains("rateDerivedFull")), Is.EqualTo(!isSustained));
    }

    /// <summary>The rates are those at the exits of two links: two clocks' errors are in their difference, one clock's is not.</summary>
    [TestCase(2, 5)]
    [TestCase(3, 0)]
    public void Analyze_ExitsOnTwoClocks_WidenTheInterval(long otherBoundMs, long widerMs)
    {
        var lab = Lab().Send(Up, 0, 7000 * Ms);
        var exact = Of(lab.Analyze(Context(Up)));
        var bounded = Of(lab.Analyze(Context(Up) with { Clocks = [new PointClock("hub.sl1", 0, 3 * Ms), new PointClock("hub.sl2", 0, otherBoundMs * Ms)] }));
        Assert.That(bounded, Is.EqualTo(exact with { LowNs = exact.LowNs - (widerMs * Ms), HighNs = exact.HighNs + (widerMs * Ms) }));
    }

    /// <summary>Every mark and every hop says how good the clock is that it was read from.</summary>
    [Test]
    public void Analyze_SeveralClocks_BoundMarksAndHops()
    {
        PointClock[] clocks = [new("endpoint.sl1", 0, 2 * Ms), new("hub.sl1", 0, 3 * Ms), new("business.core0", 0, 4 * Ms)];
        var result = Lab().Send(Up, 0, 7000 * Ms).Analyze(Context(Up) with
        {
            Clocks = clocks,
            StackEvents = [new RunEvent { AtNs = T0 + (1050 * Ms), Kind = RunEventKind.Stack, Host = "endpoint", Text = "path-dead" }],
        });
        var marks = result.Failovers.Single().Anatomy.ToDictionary(m => m.Mark, m => m.BoundNs / Ms);
        Assert.That((marks[AnatomyMarkKind.Fault], marks[AnatomyMarkKind.LastGood], marks[AnatomyMarkKind.Detected], marks[AnatomyMarkKind.Recovered]), Is.EqualTo(((long?)3, (long?)4, (long?)2, (long?)4)));
        var hops = result.Flows.Single().Hops!.ToDictionary(h => h.Point, h => h.BoundNs / Ms);
        Assert.That((hops["traffic.lan"], hops["endpoint.sl1"], hops["hub.sl1"], hops["business.core0"]), Is.EqualTo(((long?)null, (long?)2, (long?)3, (long?)4)));
    }

    private static MeasuredTime Of(RunResult result) => result.Failovers.Single().Flows.Single().Methods.RateDerivedFirst!;

    private static SyntheticLab Lab() => new() { Route = (_, at) => [at < 1060 * Ms ? 0 : 1], Survives = (_, path, at) => path != 0 || at < Fault };
}

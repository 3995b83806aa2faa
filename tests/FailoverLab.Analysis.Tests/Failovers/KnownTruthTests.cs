using FailoverLab.Primitives;
using FailoverLab.Results;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

/// <summary>Faults and switches at instants known to the nanosecond: every reported interval must contain them.</summary>
public sealed class KnownTruthTests
{
    private const int Runs = 8;

    [Test]
    public void Analyze_RandomSilentDrops_EveryIntervalHoldsTheTruth([Values(0, 1)] int withJitter)
    {
        for (ulong seed = 1; seed <= Runs; seed++)
        {
            var random = new SeededRandom(seed * 7919);
            var fault = (1000 * Ms) + random.Next(1_000_000);
            var moved = fault + (5 * Ms) + random.Next(300_000_000);
            var lateness = random.Next(900_000) + 1;
            var lab = new SyntheticLab
            {
                Route = (_, at) => [at + 20_000 < moved ? 0 : 1],
                Survives = (_, path, entry) => path != 0 || entry < fault,
                ExtraDelay = (_, _) => withJitter == 0 ? 0 : random.Next(2_000_000),
                Lateness = sequence => new SeededRandom(sequence).Next(lateness),
            };
            lab.DelayNs[1] = (1 + random.Next(60)) * Ms;
            var result = lab.Send(Up, 0, 2000 * Ms).Send(Down, 300_000, 2000 * Ms).Analyze(Context(Up, Down));

            // A backup so much faster that its first packets overtake the last on the old path leaves no silence to report.
            var failover = result.Failovers.Single();
            var why = $"seed {seed}: cut {fault}, moved {moved}";
            Assert.Multiple(() =>
            {
                Assert.That(failover.Kind, Is.EqualTo(FailoverKind.Failover), why);
                (T0 + fault).AssertHeldBy(failover.Fault.PacketsLowNs!.Value, failover.Fault.PacketsHighNs);
                Assert.That(failover.Fault.PacketsHighNs - failover.Fault.PacketsLowNs, Is.LessThanOrEqualTo(Ms + lateness), why);
                foreach (var outage in result.Outages) (moved - fault).AssertHeldBy(outage.LowNs, outage.HighNs);
                foreach (var flow in failover.Flows)
                {
                    (moved - fault).AssertHeldBy(flow.Methods.TimestampBased);
                    (moved - fault).AssertHeldBy(flow.Methods.TimeBasedLoss);
                    (moved - fault).AssertHeldBy(flow.Methods.PacketLossBased);
                    (moved - fault).AssertHeldBy(flow.Methods.RouteSpecificLossDerived);
                    (moved - fault).AssertHeldBy(flow.Methods.LossDerived);
                    (moved - fault).AssertHeldBy(flow.Methods.RateDerivedFirst);
                    (moved - fault).AssertHeldBy(flow.Methods.RateDerivedFull);
                }
            });
        }
    }

    [Test]
    public void Analyze_NewPathDeadAtFirst_CountsFromItsFirstPacketThrough()
    {
        // Nothing ever came out of the new path before, so that no packet has shown yet which way it is crossed.
        const long Fault = (1000 * Ms) + 400_000;
        const long Back = Fault + (80 * Ms);
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < Fault + (30 * Ms) ? 0 : 1],
            Survives = (_, path, entry) => path == 0 ? entry < Fault : entry >= Back,
        };
        var methods = lab.Send(Up, 0, 2000 * Ms).Analyze(Context(Up)).Failovers.Single().Flows.Single().Methods;
        Assert.Multiple(() =>
        {
            foreach (var measured in new[] { methods.TimestampBased, methods.TimeBasedLoss, methods.PacketLossBased, methods.LossDerived, methods.RateDerivedFirst, methods.RateDerivedFull })
                (Back - Fault).AssertHeldBy(measured);
        });
    }

    [Test]
    public void Analyze_SenderStalledAtTheCut_SilenceOfAShorterPathIsHeld()
    {
        // Packets 997 to 1001 go out together at 1001 ms, after the cut; the new path is 16 ms shorter.
        const long Fault = (1000 * Ms) + 400_000;
        const long Back = Fault + (60 * Ms);
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < Fault + (30 * Ms) ? 0 : 2],
            Survives = (_, path, entry) => path == 0 ? entry < Fault : entry >= Back,
            Lateness = sequence => sequence is >= 997 and <= 1001 ? ((1001 - (long)sequence) * Ms) + ((long)sequence * 1_000) - 997_000 : 0,
        };
        var result = lab.Send(Up, 0, 2000 * Ms).Analyze(Context(Up));
        var silence = Back - Fault + lab.DelayNs[2] - lab.DelayNs[0];
        silence.AssertHeldBy(result.Failovers.Single().Flows.Single().Methods.TimeBasedLoss);
        silence.AssertHeldBy(result.Outages.Single().LowNs, result.Outages.Single().HighNs);
    }

    [Test]
    public void Analyze_SenderStoodStillWhileThePathWasDead_NoMethodExcludesTheGap()
    {
        // Packets 1001 to 1060 go out together at 1061 ms, over the new path: nothing was lost, and nobody looked meanwhile.
        const long Fault = (1000 * Ms) + 400_000;
        const long Back = Fault + (60 * Ms);
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < Back ? 0 : 1],
            Survives = (_, path, entry) => path != 0 || entry < Fault,
            Lateness = sequence => sequence is >= 1001 and <= 1060 ? ((1061 - (long)sequence) * Ms) - ((1061 - (long)sequence) * 1_000) : 0,
        };
        var result = lab.Send(Up, 0, 2000 * Ms).Analyze(Context(Up));
        var (flow, methods) = (result.Failovers.Single().Flows.Single(), result.Failovers.Single().Flows.Single().Methods);
        Assert.That(flow.Lost, Is.Zero);
        foreach (var measured in new[] { methods.TimestampBased, methods.TimeBasedLoss, methods.PacketLossBased, methods.RouteSpecificLossDerived, methods.LossDerived })
        {
            (Back - Fault).AssertHeldBy(measured);
            Assert.That(measured!.HighNs, Is.LessThanOrEqualTo(63 * Ms));
        }
    }

    [Test]
    public void Analyze_OneDirectionCut_BracketsThatDirection()
    {
        const long Fault = (1000 * Ms) + 400_000;
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < 1200 * Ms ? 0 : 1],
            Survives = (flow, path, entry) => flow != Down.Id || path != 0 || entry < Fault,
        };
        var failover = lab.Send(Up, 0, 2000 * Ms).Send(Down, 0, 2000 * Ms).Analyze(Context(Up, Down)).Failovers.Single();
        (T0 + Fault).AssertHeldBy(failover.Fault.PacketsLowNs!.Value, failover.Fault.PacketsHighNs);
        Assert.That(failover.Flows.Select(f => f.Lost), Is.EquivalentTo(new[] { 0L, 200L }).Or.EquivalentTo(new[] { 0L, 199L }));
    }

    [Test]
    public void Analyze_DelayedInsideTheLink_CountsAsThrough()
    {
        // The last packets before the cut come out 300 ms late, long after the switch.
        const long Fault = 1000 * Ms;
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < 1100 * Ms ? 0 : 1],
            Survives = (_, path, entry) => path != 0 || entry < Fault,
            ExtraDelay = (path, entry) => path == 0 && entry > Fault - (10 * Ms) ? 300 * Ms : 0,
        };
        var result = lab.Send(Up, 0, 2000 * Ms).Analyze(Context(Up));
        (T0 + Fault).AssertHeldBy(result.Failovers.Single().Fault.PacketsLowNs!.Value, result.Failovers.Single().Fault.PacketsHighNs);
        Assert.That(result.Flows.Single().Lost, Is.EqualTo(100).Within(1));
    }

    [Test]
    public void Analyze_Brownout_LeavesTheInstantToTheCommand()
    {
        var random = new SeededRandom(5);
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < 1600 * Ms ? 0 : 1],
            Survives = (_, path, entry) => path != 0 || entry < 1000 * Ms || random.NextDouble() >= 0.15,
        };
        lab.DelayNs[1] = lab.DelayNs[0];
        var result = lab.Send(Up, 0, 3000 * Ms).Analyze(Context(Up) with
        {
            Faults = [new FaultContext("brownout", T0 + (1000 * Ms), T0 + (1000 * Ms) + 50_000, false) { Path = "starlink-1" }],
        });
        var failover = result.Failovers.Single();
        Assert.That((failover.Kind, failover.Fault.Step, failover.Fault.PacketsLowNs), Is.EqualTo((FailoverKind.Failover, "brownout", (long?)null)));
        Assert.That(failover.Anatomy[0].AtNs, Is.EqualTo(T0 + (1000 * Ms) + 50_000));
        Assert.That(result.Outages, Is.Empty);
        Assert.That(failover.Flows[0].Methods.RouteSpecificLossDerived!.ValueNs, Is.EqualTo(result.Flows[0].Lost * Ms), "all loss since the fault counts");
    }
}

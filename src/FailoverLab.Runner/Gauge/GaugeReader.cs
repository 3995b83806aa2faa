using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>Finds in an analysis what it says of each cut. Cuts must be further apart than the paths' delays.</summary>
internal static class GaugeReader
{
    /// <summary>The cuts with what was measured of them, and how many outages and failovers belong to none.</summary>
    public static (IReadOnlyList<GaugeRun> Runs, int Strays) Read(RunResult analysis, IReadOnlyList<GaugeTruth> truths)
    {
        var outages = ByCut(analysis.Outages, truths, o => LastIndex(truths, t => t.CutNs < (o.EndNs ?? long.MaxValue)), (o, t) => Math.Abs(o.StartNs - t.CutNs));
        var failovers = ByCut(analysis.Failovers, truths, f => CutOf(f, truths), (f, t) => FirstOnNewPathNs(f)!.Value - t.EndNs);
        var strays = analysis.Outages.Count - outages.Count + analysis.Failovers.Count - failovers.Count;
        var runs = truths.Select((t, k) => Run(t, outages.GetValueOrDefault(k), failovers.GetValueOrDefault(k)));
        return ([.. IsSustained(truths) ? runs : runs.Select(WithoutSustained)], strays);
    }

    private static bool IsSustained(IReadOnlyList<GaugeTruth> truths) =>
        truths.Zip(truths.Skip(1)).All(t => t.Second.CutNs - t.First.EndNs >= GaugedMethod.SustainedNs);

    private static GaugeRun WithoutSustained(GaugeRun run) =>
        run with { Measured = run.Measured.Where(m => m.Key != GaugedMethod.RateDerivedFull).ToDictionary(StringComparer.Ordinal) };

    /// <summary>At most one item for each cut: of several the nearest.</summary>
    private static Dictionary<int, T> ByCut<T>(IReadOnlyList<T> items, IReadOnlyList<GaugeTruth> truths, Func<T, int> cutOf, Func<T, GaugeTruth, long> distance)
        where T : class =>
        items.Select(i => (Item: i, Cut: cutOf(i)))
            .Where(i => i.Cut >= 0)
            .GroupBy(i => i.Cut)
            .ToDictionary(g => g.Key, g => g.MinBy(i => distance(i.Item, truths[g.Key])).Item);

    /// <summary>The cut after which traffic came out of the new path, if it moved the same way; else -1.</summary>
    private static int CutOf(Failover failover, IReadOnlyList<GaugeTruth> truths)
    {
        var cut = FirstOnNewPathNs(failover) is { } first ? LastIndex(truths, t => t.EndNs <= first) : -1;
        return cut >= 0 && failover.FromPath == truths[cut].FromPath && failover.ToPath == truths[cut].ToPath ? cut : -1;
    }

    private static long? FirstOnNewPathNs(Failover failover) =>
        failover.Anatomy.FirstOrDefault(m => m.Mark == AnatomyMarkKind.FirstOnNewPath)?.AtNs;

    private static int LastIndex(IReadOnlyList<GaugeTruth> truths, Func<GaugeTruth, bool> holds)
    {
        var last = truths.Count - 1;
        while (last >= 0 && !holds(truths[last]))
        {
            last--;
        }

        return last;
    }

    private static GaugeRun Run(GaugeTruth truth, Outage? outage, Failover? failover)
    {
        var measured = new Dictionary<string, MeasuredTime>(StringComparer.Ordinal);
        Add(GaugedMethod.Outage, outage is { HighNs: { } high } ? new MeasuredTime(outage.DurationNs, outage.LowNs, high) : null);
        var methods = failover is { Flows: [var flow, ..] } ? flow.Methods : null;
        Add("timestampBased", methods?.TimestampBased);
        Add("timeBasedLoss", methods?.TimeBasedLoss);
        Add("packetLossBased", methods?.PacketLossBased);
        Add("routeSpecificLossDerived", methods?.RouteSpecificLossDerived);
        Add("lossDerived", methods?.LossDerived);
        Add("rateDerivedFirst", methods?.RateDerivedFirst);
        Add(GaugedMethod.RateDerivedFull, methods?.RateDerivedFull);
        Add(GaugedMethod.FaultInstant, failover?.Fault is { PacketsLowNs: { } low, PacketsHighNs: { } up } ? new MeasuredTime(low + ((up - low) / 2), low, up) : null);
        return new GaugeRun
        {
            CutNs = truth.CutNs,
            GapNs = truth.GapNs,
            FromPath = truth.FromPath,
            ToPath = truth.ToPath,
            DelayChangeNs = truth.DelayChangeNs,
            DisturbedNs = new[] { outage?.StartLateNs, outage?.EndLateNs }.Max(),
            Measured = measured,
        };

        void Add(string name, MeasuredTime? time)
        {
            if (time is not null)
            {
                measured.Add(name, time);
            }
        }
    }
}

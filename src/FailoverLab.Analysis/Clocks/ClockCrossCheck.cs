using System.Globalization;
using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>
/// Holds the clocks' offsets as they were measured against what the captured packets tell: per pair of hosts between which packets went in both directions.
/// </summary>
internal sealed class ClockCrossCheck
{
    private const string Reference = "the reference clock";
    private readonly AnalysisContext _context;
    private readonly List<Pair> _pairs;

    /// <summary>Puts together what all flows saw.</summary>
    public ClockCrossCheck(AnalysisContext context, IEnumerable<FlowResult> flows, long startNs)
    {
        _context = context;
        var floors = new Dictionary<(string From, string To), DelayFloor>();
        foreach (var (from, to, floor) in flows.SelectMany(f => f.Sinks.Clocks?.Floors ?? []).Where(f => f.Floor.Packets > 0))
        {
            var key = (from ?? Reference, to ?? Reference);
            if (!floors.TryGetValue(key, out var all)) floors.Add(key, all = new DelayFloor(startNs));
            all.Add(floor);
        }

        _pairs = [.. floors.Keys.Where(k => string.CompareOrdinal(k.From, k.To) < 0 && floors.ContainsKey((k.To, k.From)))
            .OrderBy(k => k.From, StringComparer.Ordinal).ThenBy(k => k.To, StringComparer.Ordinal)
            .Select(k => Fit(k.To, k.From, floors[k], floors[(k.To, k.From)])).OfType<Pair>()];
    }

    /// <summary>The clocks of the context, each with what packets say of it; absent where there are none.</summary>
    public ClockReport? Report() => _context.Clocks.Count == 0 ? null :
        new ClockReport(Reference, [.. _context.Clocks.DistinctBy(c => c.Host).Select(c => new HostClock(c.Host, c.OffsetNs, c.BoundNs) { PacketOffset = OffsetOf(c) })]);

    /// <summary>Pairs whose packets contradict what was measured, or themselves.</summary>
    public IEnumerable<Caveat> Caveats()
    {
        foreach (var pair in _pairs)
        {
            var (seen, hosts) = (pair.Clock, new[] { pair.Host, pair.Other });
            if (seen.BrokenAtNs is { } at)
                yield return new Caveat("clocks-contradict", $"{pair.Host} and {pair.Other}: stamps of packets between them contradict each other by {DurationText.FormatNs(seen.ExcessNs)} more than two clocks can part ({PacketClockFit.MaxDrift * 1e6:0} ppm), first at {Instant(at)}: a clock was stepped, or a capture was not stamped by its host's clock. {Measured(pair)}.", hosts);
            else if (pair.IsExcluded)
                yield return new Caveat("clocks-contradict", $"{pair.Host} and {pair.Other}: by packets of both directions {pair.Host} was {DurationText.FormatNs(seen.LowNs)} to {DurationText.FormatNs(seen.HighNs)} further ahead than was measured, and no delay explains that: a clock was stepped between its measurement and the packets, or a capture was not stamped by its host's clock. {Measured(pair)}.", hosts);
        }
    }

    private Pair? Fit(string host, string other, DelayFloor there, DelayFloor back)
    {
        var (own, its) = (Clock(host), Clock(other));
        var bound = own.BoundNs + its.BoundNs;
        return PacketClockFit.Of(there.Slices, back.Slices, bound) is { } clock ? new Pair(host, other, bound, there.Packets + back.Packets, clock) : null;
    }

    /// <summary>What is known of a clock by the pair that tells most: the other's own bound is part of it.</summary>
    private PacketOffset? OffsetOf(PointClock clock)
    {
        // One whose own measurement is in doubt is asked last.
        PacketOffset? best = null;
        var pairs = _pairs.Where(p => p.Clock.BrokenAtNs is null && (p.Host == clock.Host || p.Other == clock.Host)).ToList();
        foreach (var pair in pairs.Exists(p => !p.IsExcluded) ? pairs.Where(p => !p.IsExcluded) : pairs)
        {
            var (seen, isTurned) = (pair.Clock, pair.Other == clock.Host);
            var against = isTurned ? pair.Host : pair.Other;
            var bound = Clock(against).BoundNs;
            var (low, middle, high) = isTurned ? (-seen.HighNs, -seen.OffsetNs, -seen.LowNs) : (seen.LowNs, seen.OffsetNs, seen.HighNs);
            var offset = new PacketOffset(seen.AtNs, clock.OffsetNs + middle, clock.OffsetNs + low - bound, clock.OffsetNs + high + bound, against, pair.Packets)
            {
                DriftPpm = seen.Drift is { } drift ? Ppm(isTurned ? -drift : drift) : null,
                DriftLowPpm = seen.Drift is null ? null : Ppm(isTurned ? -seen.DriftHigh : seen.DriftLow),
                DriftHighPpm = seen.Drift is null ? null : Ppm(isTurned ? -seen.DriftLow : seen.DriftHigh),
            };
            if (best is null || offset.HighNs - offset.LowNs < best.HighNs - best.LowNs) best = offset;
        }

        return best;
    }

    private PointClock Clock(string host) => _context.Clocks.FirstOrDefault(c => c.Host == host) ?? new PointClock(Reference, 0, 0);

    private string Instant(long atNs) => _context.StartNs is { } start ? $"T+{DurationText.FormatNs(atNs - start)}" : DateTimeOffset.FromUnixTimeMilliseconds(atNs / 1_000_000).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private string Measured(Pair pair) =>
        $"By the exchanges over their channels {string.Join(", ", new[] { pair.Host, pair.Other }.Select(h => $"{h} was {DurationText.FormatNs(Clock(h).OffsetNs)} ahead (± {DurationText.FormatNs(Clock(h).BoundNs)})"))}";

    private static double Ppm(double ratio) => Math.Round(ratio * 1e6, 3);

    /// <summary>Two hosts.</summary>
    /// <param name="Host">The one that is told about.</param>
    /// <param name="Other">Against this one.</param>
    /// <param name="BoundNs">How wrong the difference of their offsets may be as measured.</param>
    /// <param name="Packets">Packets of both directions.</param>
    /// <param name="Clock">What they tell beyond what was measured.</param>
    private sealed record Pair(string Host, string Other, long BoundNs, long Packets, PacketClock Clock)
    {
        /// <summary>Whether packets exclude what was measured.</summary>
        public bool IsExcluded => Clock.LowNs > BoundNs || Clock.HighNs < -BoundNs;
    }
}

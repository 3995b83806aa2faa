using System.Globalization;
using System.Runtime.InteropServices;
using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>
/// Finds hidden flows in opaque ones while captures are read, and makes of every packet found a sighting of the hidden flow, as if the
/// tunnel could be read. Not thread-safe.
/// </summary>
internal sealed class TunnelMatching
{
    // Below this share of delivered packets found, paths in the record are known only in part.
    private const double NearlyAll = 0.99;

    private readonly List<Target> _targets = [];
    private readonly Dictionary<FlowKey, Target> _byFlow = [];
    private readonly Dictionary<FlowKey, List<Carrier>> _byOpaque = [];
    private readonly List<Sighting> _found = [];

    /// <summary>Makes ready.</summary>
    /// <param name="hidden">The flows and where to look for them.</param>
    /// <param name="names">Names of the points.</param>
    /// <param name="context">What is known beside the captures.</param>
    public TunnelMatching(IReadOnlyList<HiddenFlow> hidden, PointNames names, AnalysisContext context)
    {
        var bound = context.Clocks.Select(c => c.BoundNs).OrderDescending().Take(2).Sum();
        LagNs = CodedFlow.LagNs + (2 * bound);
        foreach (var flow in hidden)
        {
            var target = new Target(flow, new CodedFlow(bound), names.NumberOf(flow.SentPoint), names.NumberOf(flow.ReceivedPoint));
            _targets.Add(target);
            _byFlow.Add(flow.Key, target);
            foreach (var (point, opaque) in flow.Opaque)
            {
                if (!_byOpaque.TryGetValue(opaque, out var carriers)) _byOpaque.Add(opaque, carriers = []);
                carriers.Add(target.Flow.AddCarrier(names.NumberOf(point), context.Paths.Any(p => p.SitePoint == point) ? PathSide.Site : PathSide.Far));
            }
        }
    }

    /// <summary>So long after a packet all that is found of it has been found, ns.</summary>
    public long LagNs { get; }

    /// <summary>Takes sightings of any flow, of each point in order of time.</summary>
    public void Take(in FlowKey key, ReadOnlySpan<Sighting> sightings)
    {
        if (_byOpaque.TryGetValue(key, out var carriers))
        {
            foreach (ref readonly var sighting in sightings)
            {
                foreach (var carrier in carriers)
                {
                    if (carrier.Point == sighting.Point) carrier.Packets.Add(sighting.StampNs, sighting.Length);
                }
            }
        }
        else if (_byFlow.TryGetValue(key, out var target))
        {
            foreach (ref readonly var sighting in sightings)
            {
                if (sighting.Point == target.SentPoint) target.Flow.AddEntry(sighting.A, sighting.StampNs, sighting.Length);
                else if (sighting.Point == target.ReceivedPoint) target.Flow.AddExit(sighting.A, sighting.StampNs);
            }
        }
    }

    /// <summary>Finds what can be found, everything up to an instant having been taken.</summary>
    /// <param name="nowNs">That instant, ns since the Unix epoch; the largest number = nothing more comes.</param>
    /// <param name="found">Takes the sightings of a flow, in order of time.</param>
    public void Advance(long nowNs, Action<FlowKey, Span<Sighting>> found)
    {
        foreach (var target in _targets)
        {
            _found.Clear();
            target.Flow.Advance(nowNs, Add);
            if (_found.Count == 0) continue;
            _found.Sort((a, b) => a.StampNs != b.StampNs ? a.StampNs.CompareTo(b.StampNs) : a.Point.CompareTo(b.Point));
            found(target.Hidden.Key, CollectionsMarshal.AsSpan(_found));
        }
    }

    /// <summary>What is to be said of every hidden flow.</summary>
    public IEnumerable<Caveat> Caveats()
    {
        foreach (var target in _targets)
        {
            var (name, tally) = (target.Hidden.Name, target.Flow.Tally);
            if (tally.Sent < CodedFlow.FewestProbes) continue;
            if (tally.Alike == tally.Sent)
            {
                yield return new Caveat("tunnel-no-code", $"{name}: the paths carry packets that cannot be read, and those of this flow are too much alike to be told by their sizes; its paths are unknown. Send it with sizes that follow the code (size: coded).", [name]);
                continue;
            }

            var share = tally.Delivered == 0 ? 0 : tally.DeliveredFound / (double)tally.Delivered;
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: the paths carry packets that cannot be read; by sizes and times {tally.Found} packets were recognised there, {Math.Floor(share * 10_000) / 100:0.00} % of the delivered ones; {tally.Ambiguous} of them could nearly as well be another packet of the same size.");
            yield return new Caveat(share < NearlyAll ? "tunnel-partly-matched" : "tunnel-matched", text, [name]);
        }
    }

    private void Add(int point, ulong number, long stampNs, int length) =>
        _found.Add(new Sighting { StampNs = stampNs, A = number, B = unchecked((ulong)RowWindow.Missing), Length = length, Point = point });

    private sealed record Target(HiddenFlow Hidden, CodedFlow Flow, int SentPoint, int ReceivedPoint);
}

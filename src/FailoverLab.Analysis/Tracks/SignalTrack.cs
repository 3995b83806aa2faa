namespace FailoverLab.Analysis;

/// <summary>One kind of tunnel signalling from one sender: finds the packets that went into a link and never came out.</summary>
internal sealed class SignalTrack(LaneContext context) : IFlowTrack
{
    /// <summary>A packet that has not come out by then is lost.</summary>
    private const long WaitNs = 2_000_000_000;

    private const int RecentDelays = 64;

    private readonly Dictionary<int, Link?> _linkOfPoint = [];
    private readonly Dictionary<int, Link> _links = [];
    private readonly List<MissedSignal> _missed = [];

    /// <summary>What was lost, in no order.</summary>
    public IReadOnlyList<MissedSignal> Missed => _missed;

    /// <inheritdoc/>
    public void Take(Span<Sighting> sightings)
    {
        foreach (ref readonly var sighting in sightings)
        {
            if (!_linkOfPoint.TryGetValue(sighting.Point, out var link)) _linkOfPoint.Add(sighting.Point, link = LinkOf(sighting.Point));
            link?.Take(sighting.Point, sighting.A, sighting.StampNs);
        }
    }

    /// <inheritdoc/>
    public void Settle(long nowNs)
    {
        foreach (var link in _links.Values) link.Settle(nowNs, _missed);
    }

    /// <inheritdoc/>
    public void Finish(long observationEndNs) => Settle(long.MaxValue);

    private Link? LinkOf(int point)
    {
        var name = context.Names[point];
        for (var p = 0; p < context.Plan.Paths.Count; p++)
        {
            var path = context.Plan.Paths[p];
            if (path.SitePoint != name && path.FarPoint != name) continue;
            if (path.FarPoint is not { } far || !context.Captured.Contains(path.SitePoint) || !context.Captured.Contains(far)) return null;
            if (!_links.TryGetValue(p, out var link)) _links.Add(p, link = new Link(p));
            return link;
        }

        return null;
    }

    /// <summary>Signalling on one link: packets seen at one end wait for the other.</summary>
    private sealed class Link(int path)
    {
        private readonly Dictionary<ulong, (int Point, long StampNs)> _underway = [];
        private readonly long[] _delays = new long[RecentDelays];
        private int _delayCount;
        private int _entryPoint = -1;

        public void Take(int point, ulong number, long stampNs)
        {
            if (!_underway.Remove(number, out var first))
            {
                _underway[number] = (point, stampNs);
                return;
            }

            if (first.Point == point)
            {
                _underway[number] = first;
                return;
            }

            var (entry, delay) = first.StampNs <= stampNs ? (first.Point, stampNs - first.StampNs) : (point, first.StampNs - stampNs);
            _entryPoint = entry;
            _delays[_delayCount++ % RecentDelays] = delay;
        }

        public void Settle(long nowNs, List<MissedSignal> missed)
        {
            if (_underway.Count == 0) return;
            foreach (var (number, seen) in _underway.Where(u => nowNs == long.MaxValue || nowNs - u.Value.StampNs > WaitNs).ToList())
            {
                _underway.Remove(number);
                if (seen.Point == _entryPoint) missed.Add(new MissedSignal(path, seen.StampNs, seen.StampNs + Delay()));
            }
        }

        private long Delay() => Quantile.Median(_delays.AsSpan(0, Math.Min(_delayCount, RecentDelays)).ToArray());
    }
}

namespace FailoverLab.Analysis;

/// <summary>The paths and routing servers one flow's packets took.</summary>
internal sealed class FlowPaths
{
    private readonly ulong[] _masks;
    private readonly sbyte[] _entered;
    private readonly sbyte[] _delivered;
    private readonly sbyte[] _router;

    /// <summary>Joins a flow with what the link ends and routing servers saw of it.</summary>
    public FlowPaths(FlowTable flow, Sightings sightings, AnalysisContext context)
    {
        Flow = flow;
        var points = sightings.Of(flow.Key);
        _masks = new ulong[flow.Count];
        _entered = Filled(flow.Count);
        _delivered = Filled(flow.Count);
        _router = Filled(flow.Count);
        var transits = new List<LinkTransit>();
        for (var p = 0; p < Math.Min(64, context.Paths.Count); p++)
        {
            var (site, far) = (context.Paths[p].SitePoint, context.Paths[p].FarPoint);
            var both = sightings.Points.Contains(site) && sightings.Points.Contains(far);
            if (LinkTransit.Build(p, flow, points.GetValueOrDefault(site), points.GetValueOrDefault(far), both) is { } transit) transits.Add(transit);
        }

        Transits = transits;
        TakeTransits();
        TakeRouters(points, context.Routers);
    }

    /// <summary>The flow.</summary>
    public FlowTable Flow { get; }

    /// <summary>The links it met, by path index.</summary>
    public IReadOnlyList<LinkTransit> Transits { get; }

    /// <summary>Rows by the path most of them entered first; -1 = on no path seen.</summary>
    public sbyte[] Entered => _entered;

    /// <summary>Paths a row's copies were on, one bit each.</summary>
    public ulong Mask(int row) => _masks[row];

    /// <summary>Index of the routing server that saw a row's packet; -1 = none.</summary>
    public int Router(int row) => _router[row];

    /// <summary>The path that delivered a row's first copy, else the one it entered; -1 = unknown.</summary>
    public int Carrier(int row) => _delivered[row] >= 0 ? _delivered[row] : _entered[row];

    /// <summary>The flow's way across one link; absent where it never met it.</summary>
    public LinkTransit? Transit(int path) => Transits.FirstOrDefault(t => t.Path == path);

    /// <summary>When a row's packet went into a path, or was sent where no link saw it.</summary>
    public long EntryNs(int row) =>
        _entered[row] >= 0 && Transit(_entered[row]) is { } transit && transit.EntryNs[row] != FlowTable.Missing ? transit.EntryNs[row] : Flow.SendNs[row];

    private static sbyte[] Filled(int count)
    {
        var values = new sbyte[count];
        Array.Fill(values, (sbyte)-1);
        return values;
    }

    private void TakeTransits()
    {
        for (var row = 0; row < Flow.Count; row++)
        {
            var (firstIn, firstOut) = (long.MaxValue, long.MaxValue);
            foreach (var transit in Transits)
            {
                if (!transit.Carried(row)) continue;
                _masks[row] |= 1UL << transit.Path;
                var (entry, exit) = (transit.EntryNs[row], transit.ExitNs[row]);
                if (entry == FlowTable.Missing) entry = exit;
                if (entry < firstIn) (firstIn, _entered[row]) = (entry, (sbyte)transit.Path);
                if (exit != FlowTable.Missing && exit < firstOut) (firstOut, _delivered[row]) = (exit, (sbyte)transit.Path);
            }
        }
    }

    private void TakeRouters(IReadOnlyDictionary<string, SightingColumn> points, IReadOnlyList<RouterContext> routers)
    {
        for (var r = 0; r < Math.Min(64, routers.Count); r++)
        {
            if (!points.TryGetValue(routers[r].Point, out var column)) continue;
            foreach (var sequence in column.Sequence)
            {
                var row = Flow.RowOf(sequence);
                if (row >= 0 && _router[row] < 0) _router[row] = (sbyte)r;
            }
        }
    }
}

namespace FailoverLab.Analysis;

/// <summary>Finds the first tunnel keepalive that went into a link after a fault and never came out.</summary>
internal sealed class KeepaliveWatch(Sightings sightings, AnalysisContext context)
{
    /// <summary>When that keepalive should have come out: its entry plus the link's median delay before the fault. Absent when none was lost.</summary>
    /// <param name="path">Index of the path.</param>
    /// <param name="faultLowNs">No earlier than the fault.</param>
    /// <param name="untilNs">No later than this.</param>
    public long? FirstMissedNs(int path, long faultLowNs, long untilNs)
    {
        var (site, far) = (context.Paths[path].SitePoint, context.Paths[path].FarPoint);
        if (!sightings.Points.Contains(site) || !sightings.Points.Contains(far)) return null;
        long? first = null;
        foreach (var key in sightings.Flows.Where(k => k.IsSignal))
        {
            var points = sightings.Of(key);
            var (atSite, atFar) = (points.GetValueOrDefault(site), points.GetValueOrDefault(far));
            if (FirstMissedNs(atSite, atFar, faultLowNs, untilNs) is { } missed && (first is null || missed < first)) first = missed;
        }

        return first;
    }

    private static long? FirstMissedNs(SightingColumn? one, SightingColumn? other, long faultLowNs, long untilNs)
    {
        if (one is null || other is null) return null;
        var exits = Stamps(other);
        var entry = one;
        for (var i = 0; i < one.Count; i++)
        {
            if (!exits.TryGetValue(one.Sequence[i], out var there)) continue;
            if (there < one.StampNs[i]) (entry, exits) = (other, Stamps(one));
            break;
        }

        var delays = new List<long>();
        for (var i = 0; i < entry.Count && entry.StampNs[i] <= untilNs; i++)
        {
            if (exits.TryGetValue(entry.Sequence[i], out var left)) delays.Add(left - entry.StampNs[i]);
            else if (entry.StampNs[i] >= faultLowNs && delays.Count > 0) return entry.StampNs[i] + Quantile.Median(delays.ToArray());
        }

        return null;
    }

    private static Dictionary<long, long> Stamps(SightingColumn column)
    {
        var stamps = new Dictionary<long, long>(column.Count);
        for (var i = 0; i < column.Count; i++) stamps.TryAdd(column.Sequence[i], column.StampNs[i]);
        return stamps;
    }
}

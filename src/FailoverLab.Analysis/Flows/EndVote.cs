namespace FailoverLab.Analysis;

/// <summary>Where a flow's first packets say that it begins and ends.</summary>
/// <param name="First">The point that sees it first; -1 = unknown.</param>
/// <param name="Last">The point that sees it last; -1 = unknown.</param>
/// <param name="IsApart">Whether several points saw it, but none a packet that another saw: they are parts of one place, or captures one after another.</param>
internal readonly record struct EndVote(int First, int Last, bool IsApart)
{
    private const double EndShare = 0.9;

    /// <summary>Each packet votes for the point that saw it first and the one that saw it last; ties go to the point that stands first.</summary>
    /// <param name="sightings">The flow's first packets at all points.</param>
    /// <param name="points">The points that may be ends.</param>
    /// <param name="counts">Packets each saw.</param>
    public static EndVote Of(ReadOnlySpan<Sighting> sightings, List<int> points, List<int> counts)
    {
        if (points.Count < 2) return points.Count == 0 ? new EndVote(-1, -1, false) : new EndVote(points[0], points[0], false);
        var seen = new Dictionary<ulong, Seen>();
        foreach (ref readonly var sighting in sightings)
        {
            var p = points.IndexOf(sighting.Point);
            if (p < 0) continue;
            var stamp = sighting.StampNs;
            if (!seen.TryGetValue(sighting.A, out var ends)) ends = new Seen(stamp, p, stamp, p);
            if (stamp < ends.FirstNs || (stamp == ends.FirstNs && p < ends.First)) (ends.FirstNs, ends.First) = (stamp, p);
            if (stamp > ends.LastNs || (stamp == ends.LastNs && p < ends.Last)) (ends.LastNs, ends.Last) = (stamp, p);
            seen[sighting.A] = ends;
        }

        var first = new long[points.Count];
        var last = new long[points.Count];
        foreach (var ends in seen.Values)
        {
            first[ends.First]++;
            if (ends.First != ends.Last) last[ends.Last]++;
        }

        if (last.Max() == 0) return new EndVote(-1, -1, true);

        // A link's far side is the last to see what the link lost; the receiver is the last to see nearly all it sees at all.
        var ending = Enumerable.Range(0, points.Count).Where(p => last[p] >= EndShare * counts[p]).ToList();
        var receiver = ending.Count > 0 ? ending.MaxBy(p => last[p]) : Array.IndexOf(last, last.Max());
        return new EndVote(points[Array.IndexOf(first, first.Max())], points[receiver], false);
    }

    private record struct Seen(long FirstNs, int First, long LastNs, int Last);
}

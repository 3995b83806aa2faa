namespace FailoverLab.Analysis;

/// <summary>Finds where a flow is sent and received when nobody says: packets are seen first at their sender and last at their receiver.</summary>
internal static class FlowEnds
{
    private const double EndShare = 0.9;

    /// <summary>Fills in the ends that <paramref name="known"/> leaves open or that have no capture.</summary>
    /// <param name="known">What the plan says.</param>
    /// <param name="points">The points that saw the flow.</param>
    /// <param name="captured">Every point with a capture.</param>
    /// <returns>The ends; the sender's point is absent where one point alone saw the flow.</returns>
    public static FlowContext Find(FlowContext known, IReadOnlyDictionary<string, SightingColumn> points, IReadOnlySet<string> captured)
    {
        var sentPoint = known.SentPoint is { } s && captured.Contains(s) ? s : null;
        var receivedPoint = known.ReceivedPoint is { } r && captured.Contains(r) ? r : null;
        if (sentPoint is null || receivedPoint is null)
        {
            var (first, last) = Vote([.. points.Where(p => p.Key != sentPoint && p.Key != receivedPoint)]);
            receivedPoint ??= last ?? sentPoint;
            sentPoint ??= first == receivedPoint ? null : first;
        }

        return known with
        {
            SentPoint = sentPoint,
            ReceivedPoint = receivedPoint,
            From = known.From ?? Node(sentPoint),
            To = known.To ?? (sentPoint == receivedPoint ? null : Node(receivedPoint)),
        };
    }

    /// <summary>Each packet votes for the point that saw it first and the one that saw it last; ties go to the name that sorts first.</summary>
    private static (string? First, string? Last) Vote(List<KeyValuePair<string, SightingColumn>> points)
    {
        if (points.Count == 0) return (null, null);
        var seen = new Dictionary<long, (long FirstNs, int First, long LastNs, int Last)>();
        for (var p = 0; p < points.Count; p++)
        {
            var column = points[p].Value;
            for (var i = 0; i < column.Count; i++)
            {
                var stamp = column.StampNs[i];
                if (!seen.TryGetValue(column.Sequence[i], out var ends)) ends = (stamp, p, stamp, p);
                if (stamp < ends.FirstNs) (ends.FirstNs, ends.First) = (stamp, p);
                if (stamp > ends.LastNs) (ends.LastNs, ends.Last) = (stamp, p);
                seen[column.Sequence[i]] = ends;
            }
        }

        var first = new long[points.Count];
        var last = new long[points.Count];
        foreach (var ends in seen.Values)
        {
            first[ends.First]++;
            if (ends.First != ends.Last || points.Count == 1) last[ends.Last]++;
        }

        // A link's far side is the last to see what the link lost; the receiver is the last to see nearly all it sees at all.
        var ending = Enumerable.Range(0, points.Count).Where(p => last[p] >= EndShare * points[p].Value.Count).ToList();
        var receiver = ending.Count > 0 ? ending.MaxBy(p => last[p]) : Array.IndexOf(last, last.Max());
        return (points[Array.IndexOf(first, first.Max())].Key, points[receiver].Key);
    }

    /// <summary>The node of a point named <c>node.interface</c>.</summary>
    private static string? Node(string? point) => point?.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? point[..dot] : null;
}

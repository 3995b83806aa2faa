namespace FailoverLab.Analysis;

/// <summary>
/// The captures at a flow's two ends. Where the plan names a point without a capture, all captures on the same host stand for it;
/// where nobody says anything, packets tell: they are seen first at their sender and last at their receiver.
/// </summary>
/// <param name="Context">The flow, with points and hosts filled in as far as they were found.</param>
/// <param name="Sender">What the sender's captures saw, possibly nothing; absent when there are none.</param>
/// <param name="Receiver">What the receiver's captures saw, possibly nothing; absent when there are none.</param>
internal sealed record FlowEnds(FlowContext Context, SightingColumn? Sender, SightingColumn? Receiver)
{
    private const double EndShare = 0.9;

    /// <summary>Finds the ends of a flow.</summary>
    /// <param name="known">What the plan says.</param>
    /// <param name="points">The points that saw the flow.</param>
    /// <param name="captured">Every point with a capture.</param>
    public static FlowEnds Find(FlowContext known, IReadOnlyDictionary<string, SightingColumn> points, IReadOnlySet<string> captured)
    {
        var sender = AtPoint(known.SentPoint, known.From, points, captured);
        var receiver = AtPoint(known.ReceivedPoint, known.To, points, captured);
        if (known is { SentPoint: null, From: null } || known is { ReceivedPoint: null, To: null })
        {
            var (first, last) = Vote([.. points.Where(p => p.Key != known.SentPoint && p.Key != known.ReceivedPoint)]);
            if (known is { ReceivedPoint: null, To: null })
            {
                known = known with { ReceivedPoint = last, To = Node(last) };
                receiver = last is null ? null : points[last];
            }

            if (known is { SentPoint: null, From: null } && first is not null && first != known.ReceivedPoint)
            {
                known = known with { SentPoint = first, From = Node(first) };
                sender = points[first];
            }

            // One point alone tells what arrived there, not where it was sent to.
            if (known.SentPoint is null) known = known with { To = points.Count == 1 ? null : known.To };
        }

        return new FlowEnds(known with { From = known.From ?? Node(known.SentPoint), To = known.To ?? (known.SentPoint is null ? null : Node(known.ReceivedPoint)) }, sender, receiver);
    }

    /// <summary>What a point saw; without a capture there, what all captures on its host saw.</summary>
    private static SightingColumn? AtPoint(string? point, string? host, IReadOnlyDictionary<string, SightingColumn> points, IReadOnlySet<string> captured)
    {
        if (point is not null && captured.Contains(point)) return points.GetValueOrDefault(point) ?? new SightingColumn();
        var node = host ?? Node(point);
        if (node is null || !captured.Any(p => Node(p) == node)) return null;
        return SightingColumn.Join([.. points.Where(p => Node(p.Key) == node).Select(p => p.Value)]);
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

namespace FailoverLab.Analysis;

/// <summary>
/// Follows the working path of one flow as its packets are settled. A packet copied onto several paths, the working one among them,
/// is no move; so duplication at a switch, or reordering after it, does not make the path flap.
/// </summary>
internal sealed class PathWatch(AnalysisContext context, IReadOnlySet<string> captured, BinGrid grid)
{
    private const int RecentPackets = 50;

    private readonly LinkTransit?[] _transits = new LinkTransit?[Math.Min(AnalysisContext.MostPaths, context.Paths.Count)];
    private readonly List<WorkingPath> _trace = [];
    private readonly List<PathMove> _moves = [];
    private readonly List<PathMove> _unfinished = [];
    private int _points;
    private PathMove? _candidate;
    private int _strays;
    private int _strayPath;
    private int _strayRouter;
    private (Arrival Packet, int LostBefore)? _lastDelivered;

    /// <summary>The links the flow met; absent where it met none.</summary>
    public IReadOnlyList<LinkTransit?> Transits => _transits;

    /// <summary>The working paths, in order.</summary>
    public IReadOnlyList<WorkingPath> Trace => _trace;

    /// <summary>The moves between them, in order.</summary>
    public IReadOnlyList<PathMove> Moves => _moves;

    /// <summary>Path a settled packet entered first; -1 = none seen.</summary>
    public int Entered { get; private set; }

    /// <summary>Takes the next settled packet.</summary>
    public void Add(FlowTrack track, FlowPoints points, long row, ref Row known)
    {
        for (; _points < points.Count; _points++) Meet(points[_points], _points);
        var rows = track.Rows;
        var isLost = (known.State & RowState.Lost) != 0;
        var (mask, carrier, entryNs) = Cross(rows, row, isLost);
        known.Carrier = (sbyte)carrier;
        Follow(track, row, mask, carrier, known.Router, entryNs == long.MaxValue ? known.SendNs : entryNs);
        if ((known.State & RowState.Received) != 0) _lastDelivered = (new Arrival(row, known.SendNs, known.ReceivedNs, known.Length, carrier), track.LostBefore(row));
        if (_unfinished.Count == 0) return;
        foreach (var move in _unfinished) move.Pass(track, row);
        _unfinished.RemoveAll(m => m.IsFinished);
    }

    /// <summary>Ends the watch. Traffic that ended on a path and never moved to another is a move to nowhere.</summary>
    public void Finish(FlowTrack track)
    {
        foreach (var move in _unfinished) move.Close(track);
        if (_trace.Count == 0 || track.Sinks.Outages.Silences is not [.., { After: null, Before: { } before }]) return;
        if (_trace[^1].First > before.Row) return;
        _moves.Add(new PathMove(_trace[^1], _lastDelivered, Through(_trace[^1]), RecentLoss(track, track.Rows.End), before.ReceivedNs));
    }

    private void Meet(FlowPoint point, int slot)
    {
        if (point.Path < 0) return;
        var path = context.Paths[point.Path];
        var transit = _transits[point.Path] ??= new LinkTransit(point.Path, path.FarPoint is { } far && captured.Contains(path.SitePoint) && captured.Contains(far), grid, LinkStretches.Of(context, path.Name));
        transit.SetEnd(point.IsSite, slot);
    }

    /// <summary>The links one packet crossed: a bit each, the one that delivered it (else took it) first, and its first entry.</summary>
    private (ulong Mask, int Carrier, long EntryNs) Cross(RowWindow rows, long row, bool isLost)
    {
        var (mask, entered, delivered) = (0UL, -1, -1);
        var (firstIn, firstOut) = (long.MaxValue, long.MaxValue);
        foreach (var transit in _transits)
        {
            if (transit is null) continue;
            var (entry, exit) = transit.Add(rows, row, isLost);
            if (entry == RowWindow.Missing && exit == RowWindow.Missing) continue;
            mask |= 1UL << transit.Path;
            if (entry == RowWindow.Missing) entry = exit;
            if (entry < firstIn) (firstIn, entered) = (entry, transit.Path);
            if (exit != RowWindow.Missing && exit < firstOut) (firstOut, delivered) = (exit, transit.Path);
        }

        Entered = entered;
        return (mask, delivered >= 0 ? delivered : entered, firstIn);
    }

    private void Follow(FlowTrack track, long row, ulong mask, int carrier, int router, long entryNs)
    {
        if (mask == 0 && router < 0) return;
        if (_trace.Count == 0)
        {
            _trace.Add(new WorkingPath(Entered, router, row, entryNs));
            return;
        }

        var now = _trace[^1];
        if (now.Fits(mask, router))
        {
            now.Learn(Entered, router);
            if (_candidate is not null) _unfinished.Remove(_candidate);
            (_strays, _candidate) = (0, null);
            return;
        }

        if (_strays++ == 0)
        {
            _candidate = new PathMove(now, DeliveredSince(now), Through(now), RecentLoss(track, row), entryNs) { FirstRow = row };
            _unfinished.Add(_candidate);
        }

        var moved = mask != 0 && now.Path >= 0 && (mask & (1UL << now.Path)) == 0;
        (_strayPath, _strayRouter) = (moved ? carrier : now.Path, router);
        if (_strays < WorkingPath.PacketsToMove) return;
        foreach (var earlier in _unfinished)
        {
            if (earlier != _candidate) earlier.GiveUp();
        }

        var to = new WorkingPath(_strayPath, _strayRouter, _candidate!.FirstRow, _candidate.AtNs);
        _candidate.Arrive(to, Link(now.Path), Link(to.Path), _trace.Take(_trace.Count - 1).Any(w => w.Path == to.Path && w.Router == to.Router));
        _trace.Add(to);
        _moves.Add(_candidate);
        (_strays, _candidate) = (0, null);
    }

    private (Arrival Packet, int LostBefore)? DeliveredSince(WorkingPath path) => _lastDelivered is { } last && last.Packet.Row >= path.First ? last : null;

    private LinkTransit? Link(int path) => path >= 0 ? _transits[path] : null;

    /// <summary>What the link of the working path let through last, and what it swallowed since.</summary>
    private LinkEdge? Through(WorkingPath path)
    {
        if (path.Path < 0 || _transits[path.Path] is not { BothEnds: true } transit || transit.LastThroughRow < path.First) return null;
        return new LinkEdge(transit.LastThroughNs, transit.LastOutNs, transit.FirstLostNs, transit.LostSinceThrough);
    }

    /// <summary>Packets sent just before a row on the working path, and those of them lost.</summary>
    private (int Packets, int Lost) RecentLoss(FlowTrack track, long end)
    {
        var start = Math.Max(Math.Max(_trace[^1].First, end - RecentPackets), track.Rows.First);
        return end > start ? ((int)(end - start), track.LostBefore(end) - track.LostBefore(start)) : (0, 0);
    }
}

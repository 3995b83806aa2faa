using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>The points that saw a flow, in slots numbered from 0 in order of appearance.</summary>
internal sealed class FlowPoints(FlowEnds ends, AnalysisContext context, PointNames names)
{
    private FlowPoint[] _slots = [];
    private int[] _slotOfPoint = [];

    /// <summary>Slots in use.</summary>
    public int Count => _slots.Length;

    /// <summary>All of them.</summary>
    public IReadOnlyList<FlowPoint> All => _slots;

    /// <summary>Whether any path is known.</summary>
    public bool HasPaths { get; } = context.Paths.Count > 0 || context.Routers.Count > 0;

    /// <summary>Whether the receiver's point is the only one there is, so that nothing more can become known of a packet that arrived.</summary>
    public bool IsReceiverAlone { get; private set; }

    /// <summary>The point in a slot.</summary>
    public FlowPoint this[int slot] => _slots[slot];

    /// <summary>The slot of a point; a point seen for the first time gets one, and a column in the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SlotOf(int point, RowWindow rows) =>
        point < _slotOfPoint.Length && _slotOfPoint[point] is > 0 and var slot ? slot - 1 : AddPoint(point, rows);

    private int AddPoint(int point, RowWindow rows)
    {
        var name = names[point];
        var path = IndexOf(context.Paths, p => p.SitePoint == name || p.FarPoint == name);
        var isSite = path >= 0 && context.Paths[path].SitePoint == name;
        _slots = [.. _slots, new FlowPoint(name, ends.IsSender(name), ends.IsReceiver(name), path, isSite, IndexOf(context.Routers, r => r.Point == name))];
        if (point >= _slotOfPoint.Length) Array.Resize(ref _slotOfPoint, Math.Max(point + 1, _slotOfPoint.Length * 2));
        _slotOfPoint[point] = _slots.Length;

        // A receiver that is alone needs no column of its own: what it sees are the arrivals.
        var wasAlone = IsReceiverAlone;
        IsReceiverAlone = _slots.Length == 1 && _slots[0].IsReceiver && !ends.HasSender && !HasPaths;
        if (wasAlone) rows.AddPoint(ofArrivals: true);
        if (!IsReceiverAlone) rows.AddPoint(ofArrivals: false);
        return _slots.Length - 1;
    }

    private static int IndexOf<T>(IReadOnlyList<T> list, Func<T, bool> wanted)
    {
        for (var i = 0; i < Math.Min(AnalysisContext.MostPaths, list.Count); i++)
        {
            if (wanted(list[i])) return i;
        }

        return -1;
    }
}

using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Follows a flow from point to point: where its packets were seen, how long they took to get there, and where the lost ones were seen last.</summary>
internal sealed class HopWatch
{
    private readonly List<Hop> _hops = [];

    /// <summary>Takes the next settled packet.</summary>
    public void Add(FlowPoints points, RowWindow rows, long number, in Row row)
    {
        while (_hops.Count < points.Count) _hops.Add(new Hop(points[_hops.Count]));
        var (last, lastNs) = (-1, long.MinValue);
        for (var slot = 0; slot < _hops.Count; slot++)
        {
            var seen = rows.AtPoint(slot, number);
            if (seen == RowWindow.Missing) continue;
            var hop = _hops[slot];
            hop.Packets++;
            // Nobody sees a packet before its sender, whatever the clocks of two hosts say.
            if (last < 0 || points[last].IsSender || (seen > lastNs && !points[slot].IsSender)) (last, lastNs) = (slot, seen);
            if ((row.State & RowState.Sent) != 0) hop.Delays.Add(seen - row.SendNs);
        }

        if (last >= 0 && (row.State & RowState.Lost) != 0) _hops[last].LostAfter++;
    }

    /// <summary>The points in order of the flow's way; absent below two.</summary>
    /// <param name="boundOf">How wrong the difference of stamps of a point and the sender's may be, ns.</param>
    public IReadOnlyList<FlowHop>? Build(Func<string, long> boundOf) => _hops.Count < 2 ? null :
        [.. _hops.Select(h => (h.Place, Told: new FlowHop(h.Name, h.Packets, h.LostAfter, h.Delays.Summarise()) { BoundNs = boundOf(h.Name) is > 0 and var bound ? bound : null }))
            .OrderBy(h => h.Place).ThenBy(h => h.Told.DelayNs?.Median ?? long.MaxValue).ThenBy(h => h.Told.Point, StringComparer.Ordinal).Select(h => h.Told)];

    private sealed class Hop(FlowPoint point)
    {
        public string Name => point.Name;

        /// <summary>First the sender, last the receiver: that much is known without clocks.</summary>
        public int Place => point.IsSender ? 0 : point.IsReceiver ? 2 : 1;

        public long Packets { get; set; }

        public long LostAfter { get; set; }

        public ValueDistribution Delays { get; } = new();
    }
}

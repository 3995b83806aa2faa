using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Follows a flow from point to point: where its packets were seen, how long they took to get there, and where the lost ones were seen last.</summary>
internal sealed class HopWatch
{
    private readonly List<Hop> _hops = [];

    /// <summary>Takes the next settled packet.</summary>
    public void Add(FlowPoints points, RowWindow rows, long number, in Row row)
    {
        while (_hops.Count < points.Count) _hops.Add(new Hop(points[_hops.Count].Name));
        var (last, lastNs) = (-1, long.MinValue);
        for (var slot = 0; slot < _hops.Count; slot++)
        {
            var seen = rows.AtPoint(slot, number);
            if (seen == RowWindow.Missing) continue;
            var hop = _hops[slot];
            hop.Packets++;
            if (seen > lastNs) (last, lastNs) = (slot, seen);
            if ((row.State & RowState.Sent) != 0) hop.Delays.Add(seen - row.SendNs);
        }

        if (last >= 0 && (row.State & RowState.Lost) != 0) _hops[last].LostAfter++;
    }

    /// <summary>The points in order of the flow's way; absent below two.</summary>
    public IReadOnlyList<FlowHop>? Build() => _hops.Count < 2 ? null :
        [.. _hops.Select(h => new FlowHop(h.Name, h.Packets, h.LostAfter, h.Delays.Summarise())).OrderBy(h => h.DelayNs?.Median ?? long.MaxValue).ThenBy(h => h.Point, StringComparer.Ordinal)];

    private sealed class Hop(string name)
    {
        public string Name => name;

        public long Packets { get; set; }

        public long LostAfter { get; set; }

        public ValueDistribution Delays { get; } = new();
    }
}

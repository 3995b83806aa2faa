namespace FailoverLab.Analysis;

/// <summary>All captures together: what was seen of each flow at each point.</summary>
internal sealed class Sightings
{
    private readonly Dictionary<FlowKey, SortedDictionary<string, SightingColumn>> _flows = [];
    private readonly HashSet<string> _points = new(StringComparer.Ordinal);

    /// <summary>Joins scans; several files of one point count as one.</summary>
    public Sightings(IEnumerable<CaptureScan> scans)
    {
        foreach (var scan in scans)
        {
            if (scan is { IsReadable: true, Summary.Point: { } point }) _points.Add(point);
            foreach (var (name, flow, column) in scan.Columns) Add(name, flow, column);
        }
    }

    /// <summary>Points with a capture, with or without packets.</summary>
    public IReadOnlySet<string> Points => _points;

    /// <summary>Flows seen anywhere, probes first, by number.</summary>
    public IEnumerable<FlowKey> Flows => _flows.Keys.OrderBy(k => k.Value);

    /// <summary>The points that saw a flow, by name.</summary>
    public IReadOnlyDictionary<string, SightingColumn> Of(FlowKey flow) =>
        _flows.TryGetValue(flow, out var points) ? points : new SortedDictionary<string, SightingColumn>();

    private void Add(string point, FlowKey flow, SightingColumn column)
    {
        _points.Add(point);
        if (!_flows.TryGetValue(flow, out var points)) _flows.Add(flow, points = new(StringComparer.Ordinal));
        if (!points.TryAdd(point, column)) points[point].Add(column);
    }
}

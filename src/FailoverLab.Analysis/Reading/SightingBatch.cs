namespace FailoverLab.Analysis;

/// <summary>A piece of a capture, parted by flow; within a flow in order of the stamps. Buffers are used again for the next piece.</summary>
internal sealed class SightingBatch
{
    private Sighting[]?[] _runs = new Sighting[]?[64];
    private int[] _counts = new int[64];
    private int[] _touched = new int[64];
    private int _touchedCount;
    private bool _disordered;

    /// <summary>Sightings in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Latest stamp in the batch, of any packet; ns since the Unix epoch.</summary>
    public long LastNs { get; private set; } = long.MinValue;

    /// <summary>Numbers of the flows in the batch, in order of appearance.</summary>
    public ReadOnlySpan<int> Flows => _touched.AsSpan(0, _touchedCount);

    /// <summary>What was seen of a flow.</summary>
    public Span<Sighting> this[int flow] => _runs[flow].AsSpan(0, _counts[flow]);

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        foreach (var flow in Flows) _counts[flow] = 0;
        (_touchedCount, Count, _disordered) = (0, 0, false);
    }

    /// <summary>Appends a sighting of a flow.</summary>
    public void Add(int flow, in Sighting sighting)
    {
        if (flow >= _counts.Length) Widen(flow);
        var at = _counts[flow]++;
        var run = _runs[flow];
        if (run is null || at == run.Length) run = Lengthen(flow);
        if (at == 0) _touched[_touchedCount++] = flow;
        run[at] = sighting;
        Count++;
    }

    /// <summary>Notes the stamp of any packet, in order of the file.</summary>
    public void Pass(long stampNs)
    {
        if (stampNs < LastNs) _disordered = true;
        else LastNs = stampNs;
    }

    /// <summary>Puts every flow's sightings in order of their stamps.</summary>
    public void Order()
    {
        if (!_disordered) return;
        foreach (var flow in Flows)
        {
            var run = this[flow];
            for (var i = 1; i < run.Length; i++)
            {
                // Disorder is short: packets of two processors queued a few places apart.
                var moved = run[i];
                var k = i - 1;
                if (run[k].StampNs <= moved.StampNs) continue;
                if (i > 64 && run[i - 64].StampNs > moved.StampNs)
                {
                    SortFar(run);
                    break;
                }

                for (; k >= 0 && run[k].StampNs > moved.StampNs; k--) run[k + 1] = run[k];
                run[k + 1] = moved;
            }
        }
    }

    private static void SortFar(Span<Sighting> run)
    {
        var keys = new (long Stamp, int Index)[run.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = (run[i].StampNs, i);
        Array.Sort(keys);
        var sorted = new Sighting[run.Length];
        for (var i = 0; i < keys.Length; i++) sorted[i] = run[keys[i].Index];
        sorted.CopyTo(run);
    }

    private void Widen(int flow)
    {
        var size = Math.Max(flow + 1, _counts.Length * 2);
        Array.Resize(ref _runs, size);
        Array.Resize(ref _counts, size);
        Array.Resize(ref _touched, size);
    }

    private Sighting[] Lengthen(int flow)
    {
        var size = Math.Max(16, (_runs[flow]?.Length ?? 0) * 2);
        Array.Resize(ref _runs[flow], size);
        return _runs[flow]!;
    }
}

using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>A piece of a capture, parted by flow; within a flow in order of the stamps. Buffers are used again for the next piece.</summary>
internal sealed class SightingBatch
{
    private const int LeastRoom = 8;

    private Run[] _runs = new Run[64];
    private int[] _touched = new int[64];
    private int _touchedCount;
    private bool _disordered;
    private int _room = LeastRoom;

    /// <summary>Whether nothing was seen of any flow.</summary>
    public bool IsEmpty => _touchedCount == 0;

    /// <summary>Latest stamp in the batch, of any packet; ns since the Unix epoch.</summary>
    public long LastNs { get; private set; } = long.MinValue;

    /// <summary>Numbers of the flows in the batch, in order of appearance.</summary>
    public ReadOnlySpan<int> Flows => _touched.AsSpan(0, _touchedCount);

    /// <summary>What was seen of a flow.</summary>
    public Span<Sighting> this[int flow] => _runs[flow].Sightings.AsSpan(0, _runs[flow].Count);

    /// <summary>Empties the batch.</summary>
    /// <param name="expected">Packets expected of a flow; where the flows are alike, their room is right at once.</param>
    public void Clear(int expected)
    {
        _room = Math.Max(LeastRoom, expected + (expected / 8));
        foreach (var flow in Flows) _runs[flow].Count = 0;
        (_touchedCount, _disordered) = (0, false);
    }

    /// <summary>Appends a sighting of a flow, to be filled by the caller.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Sighting Append(int flow)
    {
        var runs = _runs;
        if ((uint)flow < (uint)runs.Length)
        {
            ref var run = ref runs[flow];
            var (sightings, at) = (run.Sightings, run.Count);
            if (at > 0 && (uint)at < (uint)sightings!.Length)
            {
                run.Count = at + 1;
                return ref sightings[at];
            }
        }

        return ref AppendFirst(flow);
    }

    /// <summary>Notes the stamp of any packet, in order of the file.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pass(long stampNs)
    {
        if (stampNs < LastNs) _disordered = true;
        else LastNs = stampNs;
    }

    /// <summary>Puts every flow's sightings in order of their stamps.</summary>
    public void Order()
    {
        if (!_disordered) return;
        foreach (var flow in Flows) Order(this[flow]);
    }

    /// <summary>Puts sightings in order of their stamps; equal ones stay as they are.</summary>
    public static void Order(Span<Sighting> run)
    {
        for (var i = 1; i < run.Length; i++)
        {
            // Disorder is short: packets of two processors queued a few places apart.
            var moved = run[i];
            var k = i - 1;
            if (run[k].StampNs <= moved.StampNs) continue;
            if (i > 64 && run[i - 64].StampNs > moved.StampNs)
            {
                SortFar(run);
                return;
            }

            for (; k >= 0 && run[k].StampNs > moved.StampNs; k--) run[k + 1] = run[k];
            run[k + 1] = moved;
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

    /// <summary>A flow's first sighting in the batch, or one that has no room yet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref Sighting AppendFirst(int flow)
    {
        if (flow >= _runs.Length)
        {
            var size = Math.Max(flow + 1, _runs.Length * 2);
            Array.Resize(ref _runs, size);
            Array.Resize(ref _touched, size);
        }

        ref var run = ref _runs[flow];
        if (run.Count == 0) _touched[_touchedCount++] = flow;
        if (run.Count == (run.Sightings?.Length ?? 0)) Array.Resize(ref run.Sightings, Math.Max(_room, run.Count + (run.Count / 2)));
        return ref run.Sightings![run.Count++];
    }

    /// <summary>What was seen of one flow.</summary>
    private struct Run
    {
        public Sighting[]? Sightings;
        public int Count;
    }
}

namespace FailoverLab.Analysis;

/// <summary>A piece of a capture, parted by flow; within a flow in order of the stamps. Buffers are used again for the next piece.</summary>
internal sealed class SightingBatch
{
    private const int LeastRoom = 8;

    // The count of a flow whose sightings lie apart.
    private const int Apart = int.MaxValue;

    // Every flow has equal room in one piece of memory, so that finding its next place asks for nothing but its count; what does not fit lies apart.
    private Sighting[] _places = [];
    private int _room = LeastRoom;
    private int _roomFor;
    private int[] _counts = new int[64];
    private Run[] _apart = new Run[64];
    private int[] _touched = new int[64];
    private int _touchedCount;

    /// <summary>Whether nothing was seen of any flow.</summary>
    public bool IsEmpty => _touchedCount == 0;

    /// <summary>Stamps of all its packets, of any kind.</summary>
    public StampTally Stamps { get; } = new();

    /// <summary>Packets of flows that were one too many.</summary>
    public long NotFollowed { get; set; }

    /// <summary>The stream's numbers of its flows; <see cref="FlowIndex.None"/> = one too many. Absent = they are the stream's.</summary>
    public int[]? Numbers { get; set; }

    /// <summary>What a reader of parts left beside the sightings.</summary>
    public PartEnds Ends { get; set; }

    /// <summary>Numbers of the flows in the batch, in order of appearance.</summary>
    public ReadOnlySpan<int> Flows => _touched.AsSpan(0, _touchedCount);

    /// <summary>What was seen of a flow.</summary>
    public Span<Sighting> this[int flow] => _counts[flow] is not Apart and var count ? _places.AsSpan(flow * _room, count) : _apart[flow].Sightings.AsSpan(0, _apart[flow].Count);

    /// <summary>Empties the batch and makes room.</summary>
    /// <param name="flows">Flows there are; 0 = not known.</param>
    /// <param name="packets">Packets to come.</param>
    public void Clear(int flows, int packets)
    {
        foreach (var flow in Flows) (_counts[flow], _apart[flow].Count) = (0, 0);
        (_touchedCount, _roomFor, NotFollowed, Numbers, Ends) = (0, flows, 0, null, default);
        Stamps.Clear();
        if (flows == 0) return;

        // A little more than where the flows are alike.
        _room = Math.Max(LeastRoom, packets / flows * 9 / 8);
        if (_places.Length < flows * _room) _places = GC.AllocateUninitializedArray<Sighting>(flows * _room);
    }

    /// <summary>The room of flows that are in the batch already; until the next <see cref="Append"/> or <see cref="Clear"/>.</summary>
    public SightingPlaces Places => new(_places, _counts, _room);

    /// <summary>Appends a sighting of a flow, to be filled by the caller.</summary>
    public ref Sighting Append(int flow)
    {
        var places = Places;
        if (!places.TryTake(flow, out var place)) return ref AppendOther(flow);
        return ref places[place];
    }

    /// <summary>Puts every flow's sightings in order of their stamps.</summary>
    public void Order()
    {
        if (Stamps.LargestBackwardNs == 0) return;
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

    /// <summary>A flow's first sighting in the batch, or one beyond its room.</summary>
    private ref Sighting AppendOther(int flow)
    {
        if (flow >= _counts.Length)
        {
            var size = Math.Max(flow + 1, _counts.Length * 2);
            Array.Resize(ref _counts, size);
            Array.Resize(ref _apart, size);
            Array.Resize(ref _touched, size);
        }

        ref var count = ref _counts[flow];
        ref var apart = ref _apart[flow];
        if (count == 0)
        {
            _touched[_touchedCount++] = flow;
            if (flow < _roomFor)
            {
                count = 1;
                return ref _places[flow * _room];
            }

            count = Apart;
        }
        else if (count != Apart)
        {
            var inPlace = this[flow];
            if (apart.Sightings is null || apart.Sightings.Length <= inPlace.Length) apart.Sightings = new Sighting[inPlace.Length * 2];
            inPlace.CopyTo(apart.Sightings);
            (apart.Count, count) = (inPlace.Length, Apart);
        }

        if (apart.Count == (apart.Sightings?.Length ?? 0)) Array.Resize(ref apart.Sightings, Math.Max(LeastRoom, apart.Count * 2));
        return ref apart.Sightings![apart.Count++];
    }

    /// <summary>What was seen of one flow.</summary>
    private struct Run
    {
        public Sighting[]? Sightings;
        public int Count;
    }
}

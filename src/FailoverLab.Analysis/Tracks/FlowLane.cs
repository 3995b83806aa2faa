namespace FailoverLab.Analysis;

/// <summary>
/// What happens to one flow's sightings: the first of them are held until it is known what the flow is and where its ends are, and
/// then followed.
/// </summary>
internal sealed class FlowLane(FlowKey key, int ordinal, LaneContext context)
{
    private const int MostHeld = 8192;
    private const int RowsToKnow = 256;
    private const long TimeToKnowNs = 2_000_000_000;

    // A thread's own, as flows are followed by any.
    [ThreadStatic]
    private static Sighting[]? _joined;

    private readonly List<(SightingBatch Batch, int Flow)> _waiting = [];
    private readonly FlowContext? _planned = context.Plan.Flows.FirstOrDefault(f => key.Kind == FlowKeyKind.Probe && f.Id == key.Number);
    private Sighting[]? _held;
    private int _heldCount;
    private long _settledNs = long.MinValue;

    /// <summary>The flow.</summary>
    public FlowKey Key => key;

    /// <summary>What follows it; absent while it is not known what it is.</summary>
    public IFlowTrack? Track { get; private set; }

    /// <summary>Hands over part of a batch; it is taken by <see cref="TakeWaiting"/>.</summary>
    /// <returns>Whether nothing was waiting yet.</returns>
    public bool Hand(SightingBatch batch, int flow)
    {
        _waiting.Add((batch, flow));
        return _waiting.Count == 1;
    }

    /// <summary>Takes what was handed over.</summary>
    public void TakeWaiting()
    {
        if (_waiting.Count == 1) Take(_waiting[0].Batch[_waiting[0].Flow]);
        else if (_waiting.Count > 1) Take(Joined());
        _waiting.Clear();
    }

    /// <summary>Takes sightings that are in no batch.</summary>
    public void Take(Span<Sighting> sightings)
    {
        if (Track is not null) Track.Take(sightings);
        else Hold(sightings);
    }

    /// <summary>Settles what can be, everything up to an instant having been handed over.</summary>
    public void Settle(long nowNs)
    {
        if (nowNs == _settledNs) return;
        _settledNs = nowNs;
        if (Track is null && IsKnown(nowNs)) Begin();
        Track?.Settle(nowNs);
    }

    /// <summary>Nothing more comes.</summary>
    public void Finish(long observationEndNs)
    {
        if (Track is null) Begin();
        Track!.Finish(observationEndNs);
    }

    /// <summary>Parts of several batches as one: many packets of a flow at once cost less than the same one by one.</summary>
    private Span<Sighting> Joined()
    {
        var count = 0;
        foreach (var (batch, flow) in _waiting) count += batch[flow].Length;
        if (_joined is null || _joined.Length < count) _joined = new Sighting[Math.Max(count, 256)];
        var (filled, inOrder) = (0, true);
        foreach (var (batch, flow) in _waiting)
        {
            var part = batch[flow];
            inOrder = inOrder && (filled == 0 || part.Length == 0 || part[0].StampNs >= _joined[filled - 1].StampNs);
            part.CopyTo(_joined.AsSpan(filled));
            filled += part.Length;
        }

        var joined = _joined.AsSpan(0, count);
        if (!inOrder) SightingBatch.Order(joined);
        return joined;
    }

    private void Hold(ReadOnlySpan<Sighting> sightings)
    {
        _held ??= new Sighting[Math.Max(16, sightings.Length)];
        if (_heldCount + sightings.Length > _held.Length) Array.Resize(ref _held, Math.Max(_heldCount + sightings.Length, _held.Length * 2));
        sightings.CopyTo(_held.AsSpan(_heldCount));
        _heldCount += sightings.Length;
        if (context.IsSinglePoint && _heldCount >= FlowRecognition.PacketsToKnow) Begin();
    }

    private bool IsKnown(long nowNs) =>
        _heldCount > 0
        && ((_planned is not null && !FlowEnds.IsOpen(_planned))
            || (_heldCount >= MostHeld && nowNs >= _held![0].StampNs)
            || (_heldCount >= RowsToKnow && nowNs - _held![0].StampNs >= TimeToKnowNs));

    private void Begin()
    {
        // In order of time over all points, so that numbers that wrap are taken up where they begin.
        var held = _held.AsSpan(0, _heldCount);
        SightingBatch.Order(held);
        Track = FlowRecognition.Recognise(key, ordinal, _planned, held, context);
        Track.Take(held);
        _held = null;
    }
}

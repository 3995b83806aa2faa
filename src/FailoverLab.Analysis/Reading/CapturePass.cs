namespace FailoverLab.Analysis;

/// <summary>
/// One pass over all captures: streams are read ahead, each by itself; their batches go to the flows in step with time, and each flow is
/// followed by one thread at a time. So the outcome does not depend on the number of threads, nor on where files were cut.
/// </summary>
internal sealed class CapturePass : IDisposable
{
    private const int PacketsAhead = 1 << 18;
    private const int SmallestBatch = 1 << 11;
    private const int LongAhead = 3;
    private const int ManyFlows = 256;
    private const long SettleEveryNs = 50_000_000;

    private readonly List<CaptureTally> _tallies;
    private readonly List<StreamSource> _sources;
    private readonly PointNames _points = new();
    private readonly AnalysisContext _context;
    private readonly Dictionary<FlowKey, FlowLane> _lanes = [];
    private readonly List<FlowLane> _order = [];
    private readonly List<FlowLane> _busy = [];
    private readonly int _threads;
    private int _following;
    private int _timesAhead;
    private LaneContext? _laneContext;
    private long _settledNs = long.MinValue / 2;

    /// <summary>Opens captures.</summary>
    /// <param name="captures">The captures.</param>
    /// <param name="context">What is known beside them.</param>
    /// <param name="hidden">Flows to look for in tunnels that cannot be read, as a pass before this one found; absent = none.</param>
    public CapturePass(IReadOnlyList<CaptureInput> captures, AnalysisContext context, IReadOnlyList<HiddenFlow>? hidden = null)
    {
        (_context, Tunnels) = (context, hidden is null ? null : new TunnelMatching(hidden, _points, context));
        _threads = _following = Math.Max(1, context.Threads ?? Environment.ProcessorCount);
        _tallies = [.. captures.Select(c => new CaptureTally(c))];
        var chains = CaptureChains.Of(_tallies);
        _sources = [.. chains.Select(c => new StreamSource(new SightingStream(c, _points, context.Clocks, context.Reading)))];
    }

    /// <summary>What each file held, in the order given.</summary>
    public IReadOnlyList<CaptureTally> Tallies => _tallies;

    /// <summary>The flows, in order of appearance.</summary>
    public IReadOnlyList<FlowLane> Lanes => _order;

    /// <summary>Packets of flows that were one too many over all captures, though not in their own.</summary>
    public long NotFollowed { get; private set; }

    /// <summary>Looks for flows in tunnels that cannot be read; absent where there are none.</summary>
    public TunnelMatching? Tunnels { get; }

    /// <summary>Flows that seem to be hidden in tunnels and were not looked for, as a capture can be read only once.</summary>
    public IReadOnlyList<HiddenFlow> Unsought { get; set; } = [];

    /// <summary>What all flows share.</summary>
    public LaneContext Shared => _laneContext ?? throw new InvalidOperationException("the pass has not run");

    /// <summary>Every point with a capture, with or without packets.</summary>
    public IReadOnlySet<string> Captured => _points.All;

    /// <summary>The latest stamp of all captures; 0 where there is none.</summary>
    public long LastNs => _tallies.FindAll(t => t.IsStamped) is { Count: > 0 } filled ? filled.Max(t => t.LastNs) : 0;

    /// <summary>Reads everything.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="token"/> was canceled.</exception>
    public void Run(CancellationToken token)
    {
        var most = Math.Max(SmallestBatch, PacketsAhead / Math.Max(1, _sources.Count));
        var readers = _threads == 1 ? 0 : Math.Max(1, (_threads - 1) / Math.Max(1, _sources.Count));
        foreach (var source in _sources) source.Start(most, readers, token);
        foreach (var source in _sources) source.Advance();
        var firstNs = _sources.Count == 0 ? long.MaxValue : _sources.Min(s => s.FirstNs);
        var anchor = _context.StartNs ?? (firstNs == long.MaxValue ? 0 : firstNs);
        var width = _context.EndNs is { } end ? Bins.Cover(anchor, end).WidthNs : Bins.FinestNs;
        var captured = _sources.SelectMany(s => s.FirstPoints).ToHashSet(StringComparer.Ordinal);
        _laneContext = new LaneContext(_context, _points, captured, new BinGrid(anchor, width))
        {
            FindsHiddenFlows = Tunnels is not null,
            SomeGoAsNamed = NamedEnds.SomeGo(_sources.SelectMany(s => s.FirstOfFlows()), _points, _context),
        };
        var open = _sources.FindAll(s => s.HasBatch);
        while (open.Count > 0)
        {
            var source = open.MinBy(s => s.DeliveredNs)!;
            Deliver(source);

            // Unless reading has long been ahead, following must not take a processor from it.
            _timesAhead = source.IsSlow ? 0 : _timesAhead + 1;
            _following = _timesAhead > LongAhead ? _threads : Math.Max(1, _threads - 1);
            TakeAndSettle(Tunnels is null ? open.Min(s => s.DeliveredNs) : long.MinValue);
            source.Advance();
            if (!source.HasBatch) open.Remove(source);
            if (open.Count > 0 && Tunnels is not null && Match(open.Min(s => s.DeliveredNs)) is var matchedNs && IsDue(matchedNs)) ForEach(_order, lane => lane.Settle(matchedNs));
        }

        Match(long.MaxValue);
        if (_order.Count > ManyFlows) _following = _threads;
        var lastNs = LastNs;
        ForEach(_order, lane => lane.Finish(lastNs));
    }

    /// <summary>The lane of a flow, a new one where it has none; absent where there are too many over all captures.</summary>
    internal FlowLane? LaneOf(in FlowKey key)
    {
        if (!_lanes.TryGetValue(key, out var lane))
        {
            if (_order.Count == FlowIndex.MostFlows) return null;
            lane = new FlowLane(key, _order.Count, Shared);
            _lanes.Add(key, lane);
            _order.Add(lane);
        }

        return lane;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var source in _sources) source.Dispose();
    }

    private void Deliver(StreamSource source)
    {
        foreach (var batch in source.Batches)
        {
            foreach (var flow in batch.Flows)
            {
                var number = batch.Numbers is { } numbers ? numbers[flow] : flow;
                if (number == FlowIndex.None) continue;
                if (source.LaneOf(number, this) is not { } lane)
                {
                    NotFollowed += batch[flow].Length;
                    continue;
                }

                Tunnels?.Take(lane.Key, batch[flow]);
                if (lane.Hand(batch, flow)) _busy.Add(lane);
            }

            source.DeliveredNs = Math.Max(source.DeliveredNs, batch.Stamps.LatestNs);
        }
    }

    /// <summary>Looks for hidden flows in all that was stamped up to an instant.</summary>
    /// <returns>Up to when nothing more can be found of any flow, ns since the Unix epoch.</returns>
    private long Match(long nowNs)
    {
        if (Tunnels is null || nowNs == long.MinValue) return nowNs;
        Tunnels.Advance(nowNs, (key, found) => LaneOf(key)?.Take(found));
        return nowNs - Tunnels.LagNs;
    }

    /// <summary>
    /// Every flow takes what was handed over, and settles at the same visit what can be: of thousands of flows, what is kept lies in far
    /// memory by the time a second visit comes.
    /// </summary>
    private void TakeAndSettle(long nowNs)
    {
        var isDue = IsDue(nowNs);
        ForEach(_busy, lane =>
        {
            lane.TakeWaiting();
            if (isDue) lane.Settle(nowNs);
        });
        if (isDue && _busy.Count < _order.Count) ForEach(_order, lane => lane.Settle(nowNs));
        _busy.Clear();
    }

    private bool IsDue(long nowNs)
    {
        if (nowNs <= _settledNs + SettleEveryNs) return false;
        _settledNs = nowNs;
        return true;
    }

    private void ForEach(List<FlowLane> lanes, Action<FlowLane> act)
    {
        if (_following == 1 || lanes.Count == 1) lanes.ForEach(act);
        else Parallel.ForEach(lanes, new ParallelOptions { MaxDegreeOfParallelism = _following }, act);
    }
}

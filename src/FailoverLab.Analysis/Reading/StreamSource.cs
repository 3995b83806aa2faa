namespace FailoverLab.Analysis;

/// <summary>A stream with one batch to work on and one being read meanwhile.</summary>
internal sealed class StreamSource(SightingStream stream) : IDisposable
{
    private const int UsualBatch = 1 << 14;
    private const int PacketsPerFlow = 64;

    private readonly List<FlowLane> _lanes = [];
    private SightingBatch _ahead = new();
    private Task<bool>? _reading;
    private Func<bool> _read = () => false;
    private bool _inBackground;
    private bool _more = true;

    /// <summary>The batch to work on.</summary>
    public SightingBatch Batch { get; private set; } = new();

    /// <summary>Whether there is one.</summary>
    public bool HasBatch { get; private set; }

    /// <summary>Everything up to this stamp has been handed over, ns since the Unix epoch.</summary>
    public long DeliveredNs { get; set; } = long.MinValue;

    /// <summary>Whether the batch before was worked off sooner than this one was read.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>Begins reading.</summary>
    /// <param name="most">Packets in a batch at most; it grows with the flows, so that each flow has some to take at once.</param>
    /// <param name="inBackground">Whether to read while the batch before is worked on.</param>
    /// <param name="token">Ends the reading early.</param>
    public void Start(int most, bool inBackground, CancellationToken token)
    {
        _inBackground = inBackground;
        _read = () => stream.Fill(_ahead, Math.Min(most, Math.Max(UsualBatch, stream.Flows.Count * PacketsPerFlow)), token);
        ReadAhead();
    }

    /// <summary>Lets go of the batch worked on and takes the next.</summary>
    public void Advance()
    {
        HasBatch = false;
        IsSlow = _reading is { IsCompleted: false };
        while (!HasBatch && (_more || _reading is not null))
        {
            _more = _reading is { } reading ? reading.GetAwaiter().GetResult() : _read();
            (Batch, _ahead) = (_ahead, Batch);
            HasBatch = !Batch.IsEmpty;
            _reading = null;
            if (_more) ReadAhead();
        }
    }

    /// <summary>The lane of one of the stream's flows.</summary>
    public FlowLane LaneOf(int flow, CapturePass pass)
    {
        while (_lanes.Count <= flow) _lanes.Add(pass.LaneOf(stream.Flows[_lanes.Count]));
        return _lanes[flow];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reading?.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        stream.Dispose();
    }

    private void ReadAhead()
    {
        if (_inBackground) _reading = Task.Run(_read);
    }
}

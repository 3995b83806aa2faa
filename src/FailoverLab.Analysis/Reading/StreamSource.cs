using System.Collections.Concurrent;

namespace FailoverLab.Analysis;

/// <summary>A stream with one batch to work on and others being read meanwhile.</summary>
internal sealed class StreamSource(SightingStream stream) : IDisposable
{
    // Handing over wakes a thread, which is dear in a virtual machine: large batches, and enough of them that neither side waits for long.
    private const int UsualBatch = 1 << 15;
    private const int PacketsPerFlow = 64;
    private const int BatchesAhead = 3;

    private readonly BlockingCollection<SightingBatch> _free = [];
    private readonly BlockingCollection<SightingBatch> _ready = [];
    private readonly List<FlowLane> _lanes = [];
    private Task? _reading;
    private CancellationToken _token;
    private int _most;
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
    /// <param name="inBackground">Whether to read while batches are worked on.</param>
    /// <param name="token">Ends the reading early.</param>
    public void Start(int most, bool inBackground, CancellationToken token)
    {
        (_most, _token) = (most, token);
        if (!inBackground) return;
        for (var i = 1; i < BatchesAhead; i++) _free.Add(new SightingBatch(), token);
        _reading = Task.Factory.StartNew(ReadAhead, token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Lets go of the batch worked on and takes the next.</summary>
    /// <exception cref="OperationCanceledException">The reading was ended early.</exception>
    public void Advance()
    {
        if (_reading is null)
        {
            HasBatch = false;
            while (!HasBatch && _more)
            {
                _more = Fill(Batch);
                HasBatch = !Batch.IsEmpty;
            }

            return;
        }

        _free.Add(Batch, CancellationToken.None);
        IsSlow = _ready.Count == 0;
        HasBatch = _ready.TryTake(out var next, Timeout.Infinite, CancellationToken.None);
        if (HasBatch) Batch = next!;
        else _reading.GetAwaiter().GetResult();
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
        _free.CompleteAdding();
        _reading?.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        stream.Dispose();
        _free.Dispose();
        _ready.Dispose();
    }

    private void ReadAhead()
    {
        try
        {
            var more = true;
            while (more && _free.TryTake(out var batch, Timeout.Infinite, CancellationToken.None))
            {
                more = Fill(batch);
                if (batch.IsEmpty) _free.Add(batch, CancellationToken.None);
                else _ready.Add(batch, CancellationToken.None);
            }
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }

    private bool Fill(SightingBatch batch) => stream.Fill(batch, Math.Min(_most, Math.Max(UsualBatch, stream.Flows.Count * PacketsPerFlow)), _token);
}

using System.Runtime.ExceptionServices;

namespace FailoverLab.Analysis;

/// <summary>
/// A stream with some batches to work on and others being read meanwhile: by threads of its own, and by whoever asks for the next batches
/// before they are read. Parts of a mapped file are read side by side, each from where a packet seems to begin; they are put together in
/// order, and a part that did not begin where the one before it ended, or met anything odd, is read once more. So the batches are the same
/// whoever reads them.
/// </summary>
internal sealed class StreamSource(SightingStream stream) : IDisposable
{
    private const int UsualGroup = 1 << 14;
    private const int PacketsPerFlow = 64;
    private const int MostInGroup = 16;
    private const int LeastAhead = 6;
    private const int MostAhead = 64;
    private const long CheckedEvery = 8;
    private const int FirstExpected = 1 << 14;

    private readonly object _gate = new();
    private readonly Stack<SightingBatch> _free = new();
    private readonly Stack<SightingReader> _branches = new();
    private readonly (SightingReader Branch, SightingBatch Batch)?[] _parts = new (SightingReader, SightingBatch)?[MostAhead];
    private readonly Queue<SightingBatch> _ready = new();
    private readonly Queue<int> _groups = new();
    private readonly List<FlowLane?> _lanes = [];
    private readonly List<Task> _tasks = [];
    private readonly List<SightingBatch> _batches = [];
    private CancellationToken _token;
    private ExceptionDispatchInfo? _fault;
    private long _claimed;
    private int _readers;
    private int _held;
    private int _most;
    private int _changes;
    private int _inGroup;
    private long _packetsInGroup;
    private int _lastGroup = 1;
    private int _expected = FirstExpected;
    private long _dropped;
    private long _nextCheck;
    private bool _hasGroup;
    private bool _maySplit;
    private bool _isSplit;
    private bool _isAlone;
    private bool _closing;
    private bool _ended;

    /// <summary>The batches to work on, in order.</summary>
    public IReadOnlyList<SightingBatch> Batches => _batches;

    /// <summary>Whether there are any.</summary>
    public bool HasBatch => _batches.Count > 0;

    /// <summary>Everything up to this stamp has been handed over, ns since the Unix epoch.</summary>
    public long DeliveredNs { get; set; } = long.MinValue;

    /// <summary>Earliest stamp of the packets up to the end of the first batches; ns since the Unix epoch, <see cref="long.MaxValue"/> = none.</summary>
    public long FirstNs { get; private set; } = long.MaxValue;

    /// <summary>Points described up to there.</summary>
    public IReadOnlyList<string> FirstPoints { get; private set; } = [];

    /// <summary>Whether the batches before were worked off sooner than these were read.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>Begins reading.</summary>
    /// <param name="most">Packets to work on at once at most, as far as one batch has fewer; it grows with the flows, so that each flow has some to take.</param>
    /// <param name="threads">Threads that read while batches are worked on; none = batches are read when asked for.</param>
    /// <param name="token">Ends the reading early.</param>
    public void Start(int most, int threads, CancellationToken token)
    {
        (_most, _token) = (most, token);
        _maySplit = threads > 0;
        Begin();
        for (var i = 0; i < threads; i++) _tasks.Add(Task.Factory.StartNew(ReadAhead, token, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    /// <summary>Lets go of the batches worked on and takes the next.</summary>
    /// <exception cref="OperationCanceledException">The reading was ended early.</exception>
    public void Advance()
    {
        lock (_gate)
        {
            foreach (var batch in _batches) _free.Push(batch);
            _held -= _batches.Count;
            _batches.Clear();
            Changed();
        }

        IsSlow = false;
        while (true)
        {
            int seen;
            lock (_gate)
            {
                _fault?.Throw();
                seen = _changes;
                if (TakeGroup() || _ended) return;
            }

            IsSlow = true;
            if (!TryRead()) WaitFor(seen);
        }
    }

    /// <summary>The first packets of each flow in the batches there are to work on.</summary>
    public IEnumerable<(FlowKey Key, Sighting[] First)> FirstOfFlows()
    {
        foreach (var batch in _batches)
        {
            foreach (var flow in batch.Flows.ToArray())
            {
                var number = batch.Numbers is { } numbers ? numbers[flow] : flow;
                if (number != FlowIndex.None) yield return (stream.Flows[number], NamedEnds.Head(batch[flow]));
            }
        }
    }

    /// <summary>The lane of one of the stream's flows; absent where it is not followed.</summary>
    public FlowLane? LaneOf(int flow, CapturePass pass)
    {
        while (_lanes.Count <= flow) _lanes.Add(pass.LaneOf(stream.Flows[_lanes.Count]));
        return _lanes[flow];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Changed();
        }

        foreach (var task in _tasks) task.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        stream.Dispose();
    }

    private void ReadAhead()
    {
        try
        {
            while (true)
            {
                int seen;
                lock (_gate)
                {
                    if (_ended) return;
                    seen = _changes;
                }

                if (!TryRead()) WaitFor(seen);
            }
        }
#pragma warning disable CA1031 // Whoever asks for the next batches gets to know, on its own thread.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                (_fault, _ended) = (_fault ?? ExceptionDispatchInfo.Capture(fault), true);
                Changed();
            }
        }
    }

    /// <summary>Waits until something has changed.</summary>
    private void WaitFor(int seen)
    {
        lock (_gate)
        {
            while (_changes == seen && !_ended) Monitor.Wait(_gate);
        }
    }

    /// <summary>Everyone who waits looks again.</summary>
    private void Changed()
    {
        _changes++;
        Monitor.PulseAll(_gate);
    }

    /// <summary>Reads one piece or part, if there is one to be read now.</summary>
    /// <returns>Whether anything was read.</returns>
    private bool TryRead()
    {
        _token.ThrowIfCancellationRequested();
        SightingBatch batch;
        SightingReader? branch = null;
        long part;
        long? start = null;
        lock (_gate)
        {
            if (!MayRead()) return false;
            var next = stream.Piece;
            if (IsInOrder(next))
            {
                if (_readers > 0) return false;
                _isAlone = true;
            }
            else
            {
                if (_claimed >= Math.Min(stream.Parts, next + MostAhead)) return false;
                branch = TakeBranch();
                if (_claimed == next) start = stream.File!.Position;
            }

            part = _claimed++;
            batch = _free.Count > 0 ? _free.Pop() : new SightingBatch();
            _held++;
            _readers++;
        }

        var isMore = true;
        var isRead = false;
        try
        {
            if (branch is null) isMore = stream.Read(batch, _expected);
            else stream.ReadPart(branch, part, start, batch, _expected);
            isRead = true;
        }
        finally
        {
            lock (_gate)
            {
                _readers--;
                _isAlone = false;
                if (isRead) Put(part, branch, batch, isMore);
                Changed();
            }
        }

        return true;
    }

    /// <summary>The first piece tells what the file holds, and the last what it lacks; between them parts may be read in any order.</summary>
    private bool IsInOrder(long next) => !_isSplit || next == 0 || next >= stream.Parts;

    private bool MayRead() => !_ended && !_closing && !_isAlone && _held < MostAhead && (_groups.Count == 0 || _held < Math.Max(LeastAhead, (2 * _lastGroup) + 4));

    private SightingReader TakeBranch()
    {
        while (_branches.Count > 0)
        {
            if (_branches.Pop() is var branch && branch.Epoch == stream.File!.Epoch) return branch;
        }

        return stream.Branch();
    }

    /// <summary>Takes what was read, and all that was waiting for it.</summary>
    private void Put(long part, SightingReader? branch, SightingBatch batch, bool isMore)
    {
        if (branch is not null) _branches.Push(branch);
        if (_closing || (branch is not null && part < stream.Piece)) Drop(batch);
        else if (branch is not null) _parts[part % MostAhead] = (branch, batch);
        else Accept(batch, isMore);
        PutTogether();
        if (_closing && _readers == 0) GoOn();
    }

    private void PutTogether()
    {
        while (!_closing)
        {
            // A packet longer than a piece leaves pieces in which none begins.
            var next = stream.Piece;
            for (; _dropped < next; _dropped++) DropPart(_dropped);
            _claimed = Math.Max(_claimed, next);
            if (_isSplit && next >= _nextCheck)
            {
                stream.Check();
                _nextCheck = next + CheckedEvery;
            }

            if (_parts[next % MostAhead] is not { } read) return;
            _parts[next % MostAhead] = null;
            Accept(read.Batch, stream.TryTake(read.Branch, read.Batch) || stream.Read(read.Batch, _expected));
        }

        for (var part = 0; part < MostAhead; part++) DropPart(part);
    }

    private void DropPart(long part)
    {
        if (_parts[part % MostAhead] is not { } read) return;
        _parts[part % MostAhead] = null;
        Drop(read.Batch);
    }

    private void Drop(SightingBatch batch)
    {
        _free.Push(batch);
        _held--;
    }

    private void Accept(SightingBatch batch, bool isMore)
    {
        if (!_hasGroup) FirstNs = Math.Min(FirstNs, batch.Stamps.EarliestNs);
        _expected = (int)Math.Clamp(batch.Stamps.Packets, 1, FirstExpected * 16);
        _closing = !isMore;
        if (batch.IsEmpty)
        {
            Drop(batch);
            return;
        }

        _ready.Enqueue(batch);
        _inGroup++;
        _packetsInGroup += batch.Stamps.Packets;
        if (_inGroup == MostInGroup || _packetsInGroup >= Math.Min(_most, Math.Max(UsualGroup, stream.Flows.Count * PacketsPerFlow))) CloseGroup();
    }

    private void CloseGroup()
    {
        if (!_hasGroup) FirstPoints = stream.Points();
        _hasGroup = true;
        if (_inGroup == 0) return;
        _groups.Enqueue(_inGroup);
        (_lastGroup, _inGroup, _packetsInGroup) = (_inGroup, 0, 0);
    }

    private bool TakeGroup()
    {
        if (!_groups.TryDequeue(out var count)) return false;
        for (var i = 0; i < count; i++) _batches.Add(_ready.Dequeue());
        return true;
    }

    /// <summary>The file was read to its end.</summary>
    private void GoOn()
    {
        _branches.Clear();
        stream.OpenNext();
        Begin();
    }

    private void Begin()
    {
        (_claimed, _dropped, _nextCheck, _closing) = (0, 0, 0, false);
        if (stream.File is null)
        {
            CloseGroup();
            _ended = true;
        }
        else
        {
            _isSplit = _maySplit && stream.Parts > 1;
        }
    }
}

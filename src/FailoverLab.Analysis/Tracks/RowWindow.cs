using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>
/// The latest packets of a flow: a row per sequence number, in rings that hold what later packets may still change and what was just
/// before. Older rows are gone; what matters of them has been counted.
/// </summary>
internal sealed class RowWindow
{
    /// <summary>Marks an absent stamp.</summary>
    public const long Missing = long.MinValue;

    /// <summary>Most rows kept, whatever waits for them.</summary>
    public const int Largest = 1 << 18;

    private const int Smallest = 512;

    private readonly List<long[]> _points = [];
    private long[] _send = new long[Smallest];
    private long[] _received = new long[Smallest];
    private int[] _lostBefore = new int[Smallest];
    private RowState[] _state = new RowState[Smallest];
    private sbyte[] _carrier = [];
    private sbyte[] _router = [];
    private int _mask = Smallest - 1;

    /// <summary>Lowest row kept.</summary>
    public long First { get; private set; }

    /// <summary>One past the highest row known.</summary>
    public long End { get; private set; }

    /// <summary>Whether the columns of <see cref="TrackPaths"/> are there.</summary>
    public bool HasPaths => _carrier.Length > 0;

    /// <summary>Rows that fit without dropping any.</summary>
    public int Capacity => _mask + 1;

    /// <summary>Send time, ns since the Unix epoch: the sender's capture, else the stamp in the packet, else (once settled) between its neighbours'.</summary>
    public ref long SendNs(long row) => ref _send[row & _mask];

    /// <summary>Arrival of the first copy, ns since the Unix epoch; <see cref="Missing"/> when none arrived.</summary>
    public ref long ReceivedNs(long row) => ref _received[row & _mask];

    /// <summary>What is known of the packet.</summary>
    public ref RowState State(long row) => ref _state[row & _mask];

    /// <summary>Packets lost before this row since the flow began; set when the row is settled.</summary>
    public ref int LostBefore(long row) => ref _lostBefore[row & _mask];

    /// <summary>Path that delivered the first copy, else the one it entered; -1 = unknown. Only with <see cref="TrackPaths"/>.</summary>
    public ref sbyte Carrier(long row) => ref _carrier[row & _mask];

    /// <summary>Routing server that saw the packet; -1 = none. Only with <see cref="TrackPaths"/>.</summary>
    public ref sbyte Router(long row) => ref _router[row & _mask];

    /// <summary>First sight of the packet at a point; <see cref="Missing"/> when it was not seen there.</summary>
    public ref long AtPoint(int slot, long row) => ref _points[slot][row & _mask];

    /// <summary>Whether a row is kept.</summary>
    public bool Holds(long row) => row >= First && row < End;

    /// <summary>Begins an empty window.</summary>
    public void Start(long row) => (First, End) = (row, row);

    /// <summary>Adds columns for paths and routing servers.</summary>
    public void TrackPaths()
    {
        _carrier = new sbyte[Capacity];
        _router = new sbyte[Capacity];
        Array.Fill(_carrier, (sbyte)-1);
        Array.Fill(_router, (sbyte)-1);
    }

    /// <summary>Adds a column for one more point.</summary>
    public void AddPoint()
    {
        var column = new long[Capacity];
        Array.Fill(column, Missing);
        _points.Add(column);
    }

    /// <summary>Adds the row after the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append()
    {
        Clear(End);
        End++;
    }

    /// <summary>Adds the row before the first.</summary>
    public void Prepend()
    {
        First--;
        Clear(First);
    }

    /// <summary>Lets go of rows before one.</summary>
    public void DropBefore(long row) => First = Math.Max(First, Math.Min(row, End));

    /// <summary>Makes room for twice as many rows.</summary>
    public void Grow()
    {
        var size = Capacity * 2;
        _send = Moved(_send, size);
        _received = Moved(_received, size);
        _lostBefore = Moved(_lostBefore, size);
        _state = Moved(_state, size);
        if (_carrier.Length > 0) (_carrier, _router) = (Moved(_carrier, size), Moved(_router, size));
        for (var i = 0; i < _points.Count; i++) _points[i] = Moved(_points[i], size);
        _mask = size - 1;
    }

    private T[] Moved<T>(T[] ring, int size)
    {
        var moved = new T[size];
        for (var row = First; row < End; row++) moved[row & (size - 1)] = ring[row & _mask];
        return moved;
    }

    private void Clear(long row)
    {
        var at = row & _mask;
        _send[at] = Missing;
        _received[at] = Missing;
        _state[at] = RowState.None;
        if (_carrier.Length > 0) (_carrier[at], _router[at]) = (-1, -1);
        for (var i = 0; i < _points.Count; i++) _points[i][at] = Missing;
    }
}

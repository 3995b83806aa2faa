using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>
/// The latest packets of a flow: a row per sequence number, in a ring that holds what later packets may still change and what was just
/// before. Older rows are gone; what matters of them has been counted.
/// </summary>
internal sealed class RowWindow
{
    /// <summary>Marks an absent stamp.</summary>
    public const long Missing = long.MinValue;

    /// <summary>Most rows kept, whatever waits for them.</summary>
    public const int Largest = 1 << 18;

    private const int Smallest = 64;

    private static readonly Row Empty = new() { SendNs = Missing, ReceivedNs = Missing, Carrier = -1, Router = -1 };

    private readonly List<long[]> _points = [];
    private Row[] _rows = new Row[Smallest];

    /// <summary>Lowest row kept.</summary>
    public long First { get; private set; }

    /// <summary>One past the highest row known.</summary>
    public long End { get; private set; }

    /// <summary>Rows that fit without dropping any.</summary>
    public int Capacity => _rows.Length;

    /// <summary>Whether one more row fits.</summary>
    public bool HasRoom
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => End - First < _rows.Length;
    }

    /// <summary>Rows that fit besides those kept.</summary>
    public int Room => Capacity - (int)(End - First);

    /// <summary>A row that is kept.</summary>
    public ref Row this[long row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var rows = _rows;
            return ref rows[(int)row & (rows.Length - 1)];
        }
    }

    /// <summary>First sight of the packet at a point; <see cref="Missing"/> when it was not seen there.</summary>
    public ref long AtPoint(int slot, long row) => ref _points[slot][row & (Capacity - 1)];

    /// <summary>Whether a row is kept.</summary>
    public bool Holds(long row) => row >= First && row < End;

    /// <summary>Begins an empty window.</summary>
    public void Start(long row) => (First, End) = (row, row);

    /// <summary>Adds a column for one more point, filled with the arrivals so far where they were its own.</summary>
    public void AddPoint(bool ofArrivals)
    {
        var column = new long[Capacity];
        Array.Fill(column, Missing);
        for (var row = First; ofArrivals && row < End; row++) column[row & (Capacity - 1)] = this[row].ReceivedNs;
        _points.Add(column);
    }

    /// <summary>Adds the row after the last, and hands it out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Row Append()
    {
        ref var row = ref this[End];
        row = Empty;
        if (_points.Count > 0) ClearPoints(End);
        End++;
        return ref row;
    }

    /// <summary>Free rows after the last, to be filled by the caller and then added by <see cref="AddFilled"/>; for flows of one point.</summary>
    /// <param name="most">How many at most; fewer where the ring ends.</param>
    public Span<Row> FreeRows(int most) => Contiguous(End, Math.Min(most, Room));

    /// <summary>Adds rows that were filled.</summary>
    public void AddFilled(int count) => End += count;

    /// <summary>Goes on behind rows that need not be kept, and makes room for some more by letting go of older ones.</summary>
    /// <param name="count">Rows not kept.</param>
    /// <param name="room">Rows to be added then; no more than the smallest window holds.</param>
    public void PassOver(int count, int room)
    {
        End += count;
        First = count > 0 ? End : Math.Max(First, End + room - Capacity);
    }

    /// <summary>Rows from one on as they lie in the ring: up to its end, or to the last of them.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="most">How many at most.</param>
    public ReadOnlySpan<Row> RowsFrom(long from, int most) => Contiguous(from, (int)Math.Min(most, End - from));

    /// <summary>Adds the row before the first.</summary>
    public void Prepend()
    {
        First--;
        this[First] = Empty;
        ClearPoints(First);
    }

    /// <summary>Lets go of rows before one.</summary>
    public void DropBefore(long row) => First = Math.Max(First, Math.Min(row, End));

    /// <summary>Makes room for twice as many rows.</summary>
    public void Grow()
    {
        var size = Capacity * 2;
        for (var i = 0; i < _points.Count; i++) _points[i] = Moved(_points[i], size);
        _rows = Moved(_rows, size);
    }

    /// <summary>Lets go of all rows and their room for good; what is known of their number stays.</summary>
    public void Free()
    {
        First = End;
        _rows = [];
        _points.Clear();
    }

    private Span<Row> Contiguous(long from, int most)
    {
        var start = (int)from & (Capacity - 1);
        return _rows.AsSpan(start, Math.Min(most, Capacity - start));
    }

    private T[] Moved<T>(T[] ring, int size)
    {
        var moved = new T[size];
        for (var row = First; row < End; row++) moved[row & (size - 1)] = ring[row & (ring.Length - 1)];
        return moved;
    }

    private void ClearPoints(long row)
    {
        for (var i = 0; i < _points.Count; i++) AtPoint(i, row) = Missing;
    }
}

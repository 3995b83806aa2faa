namespace FailoverLab.Analysis;

/// <summary>The opaque packets of one path that may still be a probe, in order of time, with an index by length.</summary>
internal sealed class PathLedger
{
    /// <summary>Longer packets count as this long.</summary>
    public const int LongestPacket = 4095;

    // Long enough to count, short enough to follow other flows that change paths.
    private const long RateReachNs = 500_000_000;
    private const long ShortestRateNs = 50_000_000;

    private readonly int[] _starts = new int[LongestPacket + 2];
    private long[] _stamps = new long[1024];
    private ushort[] _lengths = new ushort[1024];
    private bool[] _taken = new bool[1024];
    private int[] _byLength = new int[1024];

    // In the order of _byLength: how much of each packet is other traffic, and the same summed up.
    private float[] _foreign = new float[1024];
    private double[] _foreignSum = new double[1025];
    private int[] _place = new int[1024];
    private bool _isSorted = true;
    private long _firstNs = long.MaxValue;
    private long _heldFromNs;
    private long _heldToNs;

    /// <summary>Packets held.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a packet; stamps may go back a little.</summary>
    public void Add(long stampNs, int length)
    {
        if (Count == _stamps.Length) Grow();
        _isSorted &= Count == 0 || stampNs >= _stamps[Count - 1];
        _firstNs = Math.Min(_firstNs, stampNs);
        _stamps[Count] = stampNs;
        _lengths[Count] = (ushort)Math.Clamp(length, 0, LongestPacket);
        _taken[Count++] = false;
    }

    /// <summary>Forgets packets stamped before an instant, and those taken; makes the index.</summary>
    public void Prepare(long fromNs)
    {
        if (!_isSorted) Sort();
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_taken[i] || _stamps[i] < fromNs) continue;
            (_stamps[kept], _lengths[kept]) = (_stamps[i], _lengths[i]);
            _taken[kept++] = false;
        }

        Count = kept;
        _heldFromNs = Math.Max(fromNs, _firstNs);
        _heldToNs = kept > 0 ? _stamps[kept - 1] : fromNs;
        Index();
    }

    /// <summary>Stamp of a packet, ns.</summary>
    public long StampOf(int packet) => _stamps[packet];

    /// <summary>Length of a packet, bytes.</summary>
    public int LengthOf(int packet) => _lengths[packet];

    /// <summary>Takes a packet out: it is a probe that has been decided.</summary>
    public void Take(int packet) => _taken[packet] = true;

    /// <summary>Packets of one length, in order of time.</summary>
    public ReadOnlySpan<int> OfLength(int length) =>
        length is < 0 or >= LongestPacket ? [] : _byLength.AsSpan(_starts[length], _starts[length + 1] - _starts[length]);

    /// <summary>Packets of one length stamped in an interval, both ends included.</summary>
    public ReadOnlySpan<int> Between(int length, long fromNs, long toNs)
    {
        var all = OfLength(length);
        var from = FirstFrom(all, fromNs);
        var to = from;
        while (to < all.Length && _stamps[all[to]] <= toNs) to++;
        return all[from..to];
    }

    /// <summary>Begins to count other traffic: all of it, until <see cref="Claim"/> says otherwise.</summary>
    public void Unclaim() => Array.Fill(_foreign, 1, 0, Count);

    /// <summary>Says that a packet is a probe with this probability.</summary>
    public void Claim(int packet, double probability) => _foreign[_place[packet]] = (float)(1 - probability);

    /// <summary>Sums up what <see cref="Unclaim"/> and <see cref="Claim"/> said.</summary>
    public void SumForeign()
    {
        for (var i = 0; i < Count; i++) _foreignSum[i + 1] = _foreignSum[i] + _foreign[i];
    }

    /// <summary>Rate of other traffic of one length around an instant, 1/s; above zero.</summary>
    public double ForeignRate(int length, long atNs)
    {
        var all = OfLength(length);
        var fromNs = Math.Max(atNs - RateReachNs, _heldFromNs);
        var toNs = Math.Max(Math.Min(atNs + RateReachNs, _heldToNs), fromNs + ShortestRateNs);
        var (from, to) = (FirstFrom(all, fromNs), FirstFrom(all, toNs));
        var counted = _foreignSum[_starts[length] + to] - _foreignSum[_starts[length] + from];
        return (counted + 0.5) / ((toNs - fromNs) / 1e9);
    }

    /// <summary>First packet stamped at or after an instant, among all lengths.</summary>
    public int FirstFrom(long ns)
    {
        var index = Array.BinarySearch(_stamps, 0, Count, ns);
        if (index < 0) return ~index;
        while (index > 0 && _stamps[index - 1] == ns) index--;
        return index;
    }

    private int FirstFrom(ReadOnlySpan<int> packets, long ns)
    {
        var (low, high) = (0, packets.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_stamps[packets[middle]] < ns) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private void Index()
    {
        Array.Clear(_starts);
        for (var i = 0; i < Count; i++) _starts[_lengths[i] + 1]++;
        for (var l = 1; l < _starts.Length; l++) _starts[l] += _starts[l - 1];
        for (var i = Count - 1; i >= 0; i--) _byLength[--_starts[_lengths[i] + 1]] = i;

        // Filling from the back left each start one place further on than it belongs.
        Array.Copy(_starts, 1, _starts, 0, _starts.Length - 1);
        _starts[^1] = Count;
        for (var i = 0; i < Count; i++) _place[_byLength[i]] = i;
    }

    private void Sort()
    {
        var order = Enumerable.Range(0, Count).ToArray();
        Array.Sort(order, (a, b) => _stamps[a] != _stamps[b] ? _stamps[a].CompareTo(_stamps[b]) : a.CompareTo(b));
        (_stamps, _lengths, _taken) = (Permute(_stamps, order), Permute(_lengths, order), Permute(_taken, order));
        _isSorted = true;
    }

    private static T[] Permute<T>(T[] values, int[] order)
    {
        var permuted = new T[values.Length];
        for (var i = 0; i < order.Length; i++) permuted[i] = values[order[i]];
        return permuted;
    }

    private void Grow()
    {
        var size = _stamps.Length * 2;
        Array.Resize(ref _stamps, size);
        Array.Resize(ref _lengths, size);
        Array.Resize(ref _taken, size);
        Array.Resize(ref _byLength, size);
        Array.Resize(ref _foreign, size);
        Array.Resize(ref _foreignSum, size + 1);
        Array.Resize(ref _place, size);
    }
}

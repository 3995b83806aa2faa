namespace FailoverLab.Analysis;

/// <summary>The latest packets of one opaque flow at one point, in order of time, with an index by length.</summary>
internal sealed class OpaquePackets
{
    /// <summary>Longer packets count as this long.</summary>
    public const int LongestPacket = 4095;

    private readonly int[] _starts = new int[LongestPacket + 2];
    private long[] _stamps = new long[1024];
    private ushort[] _lengths = new ushort[1024];
    private int[] _byLength = [];
    private bool _isSorted = true;

    /// <summary>Packets held, in view or not.</summary>
    public int Held { get; private set; }

    /// <summary>Packets in view: those of the block that is worked on, whatever else was read already.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a packet; stamps may go back a little.</summary>
    /// <param name="stampNs">Its stamp, ns since the Unix epoch.</param>
    /// <param name="length">Its length on the wire, bytes.</param>
    public void Add(long stampNs, int length)
    {
        if (Held == _stamps.Length)
        {
            Array.Resize(ref _stamps, Held * 2);
            Array.Resize(ref _lengths, Held * 2);
        }

        _isSorted &= Held == 0 || stampNs >= _stamps[Held - 1];
        (_stamps[Held], _lengths[Held++]) = (stampNs, (ushort)Math.Clamp(length, 0, LongestPacket));
    }

    /// <summary>Forgets packets stamped before an instant.</summary>
    public void Forget(long fromNs)
    {
        if (!_isSorted) Array.Sort(_stamps, _lengths, 0, Held);
        (_isSorted, Count) = (true, Held);
        var first = FirstFrom(fromNs);
        Held -= first;
        Array.Copy(_stamps, first, _stamps, 0, Held);
        Array.Copy(_lengths, first, _lengths, 0, Held);
        Count = 0;
    }

    /// <summary>Forgets packets stamped before an instant, and brings those up to another into view.</summary>
    public void Prepare(long fromNs, long toNs)
    {
        Forget(fromNs);
        Count = Held;
        Count = FirstFrom(toNs);
        Index();
    }

    /// <summary>Stamp of a packet, ns since the Unix epoch.</summary>
    public long StampOf(int packet) => _stamps[packet];

    /// <summary>Length of a packet, bytes.</summary>
    public int LengthOf(int packet) => _lengths[packet];

    /// <summary>Packets of one length, in order of time.</summary>
    public ReadOnlySpan<int> OfLength(int length) =>
        length is < 0 or >= LongestPacket ? [] : _byLength.AsSpan(_starts[length], _starts[length + 1] - _starts[length]);

    /// <summary>Packets of one length stamped in an interval, both ends included.</summary>
    public ReadOnlySpan<int> Between(int length, long fromNs, long toNs)
    {
        var all = OfLength(length);
        var (low, high) = (0, all.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_stamps[all[middle]] < fromNs) low = middle + 1;
            else high = middle;
        }

        for (high = low; high < all.Length && _stamps[all[high]] <= toNs;) high++;
        return all[low..high];
    }

    /// <summary>First packet stamped at or after an instant, among all lengths.</summary>
    public int FirstFrom(long ns)
    {
        var index = Array.BinarySearch(_stamps, 0, Count, ns);
        if (index < 0) return ~index;
        while (index > 0 && _stamps[index - 1] == ns) index--;
        return index;
    }

    private void Index()
    {
        if (_byLength.Length < Count) _byLength = new int[_stamps.Length];
        Array.Clear(_starts);
        for (var i = 0; i < Count; i++) _starts[_lengths[i] + 1]++;
        for (var l = 1; l < _starts.Length; l++) _starts[l] += _starts[l - 1];
        for (var i = Count - 1; i >= 0; i--) _byLength[--_starts[_lengths[i] + 1]] = i;

        // Filling from the back left each start one place further on than it belongs.
        Array.Copy(_starts, 1, _starts, 0, _starts.Length - 1);
        _starts[^1] = Count;
    }
}

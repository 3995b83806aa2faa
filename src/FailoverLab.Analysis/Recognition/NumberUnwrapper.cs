namespace FailoverLab.Analysis;

/// <summary>
/// Continues numbers of few bits past their wrap, for each point by itself. A point the flow comes to later, by another path say, takes up
/// the count where the others had it at that time.
/// </summary>
/// <param name="bits">Bits of the number, 1..63.</param>
internal sealed class NumberUnwrapper(int bits)
{
    private readonly Dictionary<int, long> _last = [];
    private readonly List<(long StampNs, long Number)> _anchors = [];

    /// <summary>The number without wraps: the one nearest to the last at the point, at its first packet to the others' of that time.</summary>
    public long Unwrap(int point, long number, long stampNs)
    {
        var span = 1L << bits;
        if (!_last.TryGetValue(point, out var last)) last = NearestTo(stampNs) ?? number + span;
        var step = (number - last) & (span - 1);
        if (step >= span / 2) step -= span;
        if (_anchors.Count == 0 || last + step >= _anchors[^1].Number + (span / 8)) _anchors.Add((stampNs, last + step));
        return _last[point] = last + step;
    }

    /// <summary>Forgets every number so far.</summary>
    public void Restart()
    {
        _last.Clear();
        _anchors.Clear();
    }

    private long? NearestTo(long stampNs) => _anchors.Count == 0 ? null : _anchors.MinBy(a => Math.Abs(a.StampNs - stampNs)).Number;
}

namespace FailoverLab.Analysis;

/// <summary>Continues numbers of few bits past their wrap, for each point by itself, from a common beginning.</summary>
/// <param name="bits">Bits of the number, 1..63.</param>
internal sealed class NumberUnwrapper(int bits)
{
    private readonly Dictionary<int, long> _last = [];
    private long? _first;

    /// <summary>The number without wraps: the one nearest to the last at the point.</summary>
    public long Unwrap(int point, long number)
    {
        var span = 1L << bits;
        var last = _last.TryGetValue(point, out var at) ? at : _first ??= number + span;
        var step = (number - last) & (span - 1);
        if (step >= span / 2) step -= span;
        return _last[point] = last + step;
    }

    /// <summary>Forgets every number so far.</summary>
    public void Restart()
    {
        _last.Clear();
        _first = null;
    }
}

namespace FailoverLab.Emulator;

/// <summary>Reads a <see cref="ConditionTrace"/> at an instant. Remembers the last row, because the next packet mostly needs it again.</summary>
internal sealed class ConditionPlayer
{
    private ConditionTrace? _trace;
    private long? _startNs;
    private int _row;

    /// <summary>Takes a trace; the one that runs goes on.</summary>
    internal void Set(ConditionTrace? trace)
    {
        if (!ReferenceEquals(trace, _trace))
        {
            (_trace, _startNs, _row) = (trace, trace?.StartRealtimeNs, 0);
        }
    }

    /// <summary>The row that holds; <see langword="null"/> without a trace. The first instant asked for begins a trace that has no beginning.</summary>
    internal ConditionRow? At(long wallNs)
    {
        if (_trace is not { } trace)
        {
            return null;
        }

        var since = Math.Max(0, wallNs - (_startNs ??= wallNs));
        var place = trace.Repeats ? since % trace.LengthNs : since;
        if (!Holds(trace.Rows, place))
        {
            _row = Find(trace.Rows, place);
        }

        return trace.Rows[_row];
    }

    private bool Holds(IReadOnlyList<ConditionRow> rows, long place) =>
        rows[_row].AtNs <= place && (_row + 1 == rows.Count || rows[_row + 1].AtNs > place);

    /// <summary>The last row that begins at or before the place; the first when none does.</summary>
    private static int Find(IReadOnlyList<ConditionRow> rows, long place)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = rows[middle].AtNs <= place ? (middle + 1, high) : (low, middle);
        }

        return Math.Max(0, low - 1);
    }
}

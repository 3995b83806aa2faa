namespace FailoverLab.Emulator;

/// <summary>Carries packets by the opportunities of a <see cref="DeliveryTrace"/>, in pipeline time.</summary>
internal sealed class DeliveryClock
{
    private DeliveryTrace? _trace;
    private long? _startNs;
    private long _place;
    private int _left;

    internal bool IsOn => _trace is not null;

    /// <summary>Takes a trace; the one that runs goes on.</summary>
    internal void Set(DeliveryTrace? trace)
    {
        if (!ReferenceEquals(trace, _trace))
        {
            (_trace, _startNs, _place, _left) = (trace, null, -1, 0);
        }
    }

    /// <summary>When the last byte of a packet leaves.</summary>
    /// <param name="startNs">From when it may be carried; not before that of the packet before.</param>
    /// <param name="bytes">Its bytes; at least 1.</param>
    /// <param name="wallLeadNs">Wall time less pipeline time.</param>
    internal long Carry(long startNs, int bytes, long wallLeadNs)
    {
        var trace = _trace!;
        _startNs ??= trace.StartRealtimeNs - wallLeadNs ?? startNs;

        // What was left of an opportunity that has passed is gone: nothing waited for it.
        if (_left == 0 || InstantNs(trace) < startNs)
        {
            _place = Math.Max(_place + 1, FirstFrom(trace, startNs));
            _left = trace.BytesEach;
        }

        while (bytes > _left)
        {
            bytes -= _left;
            _place++;
            _left = trace.BytesEach;
        }

        _left -= bytes;
        return InstantNs(trace);
    }

    private long InstantNs(DeliveryTrace trace) =>
        _startNs!.Value + (_place / trace.OpportunitiesNs.Count * trace.PeriodNs) + trace.OpportunitiesNs[(int)(_place % trace.OpportunitiesNs.Count)];

    /// <summary>The first opportunity at or after an instant.</summary>
    private long FirstFrom(DeliveryTrace trace, long instantNs)
    {
        var since = Math.Max(0, instantNs - _startNs!.Value);
        var round = since / trace.PeriodNs;
        var count = trace.OpportunitiesNs.Count;
        if (round > 0 && since % trace.PeriodNs == 0 && trace.OpportunitiesNs[^1] == trace.PeriodNs)
        {
            // The end of one round is the beginning of the next; the opportunities of the end come first.
            return ((round - 1) * count) + LowerBound(trace.OpportunitiesNs, trace.PeriodNs);
        }

        return (round * count) + LowerBound(trace.OpportunitiesNs, since % trace.PeriodNs);
    }

    private static int LowerBound(IReadOnlyList<long> instants, long value)
    {
        var (low, high) = (0, instants.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = instants[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

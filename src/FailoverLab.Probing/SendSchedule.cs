namespace FailoverLab.Probing;

/// <summary>
/// When which flow sends: flow i sends its k-th packet at start + phase(i) + k · interval(i). The instants are fixed in advance: a packet
/// that was late delays none after it. Phases are spread over the interval, so that flows do not send at one instant. Pure.
/// </summary>
internal sealed class SendSchedule
{
    private readonly long[] _dueNs;
    private readonly long[] _intervalNs;

    /// <summary>Makes the schedule of some flows.</summary>
    /// <param name="startNs">When the first flow sends first.</param>
    /// <param name="intervals">Each flow's interval, one at least.</param>
    internal SendSchedule(long startNs, IReadOnlyList<TimeSpan> intervals)
    {
        ArgumentOutOfRangeException.ThrowIfZero(intervals.Count);
        _intervalNs = [.. intervals.Select(i => i.Ticks * TimeSpan.NanosecondsPerTick)];
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_intervalNs.Min());
        _dueNs = [.. _intervalNs.Select((interval, i) => startNs + (interval * i / _intervalNs.Length))];
        Choose();
    }

    /// <summary>Index of the flow that sends next.</summary>
    internal int Flow { get; private set; }

    /// <summary>When it sends.</summary>
    internal long DueNs => _dueNs[Flow];

    /// <summary>Its interval.</summary>
    internal long IntervalNs => _intervalNs[Flow];

    /// <summary>Goes on to the packet after.</summary>
    internal void Advance()
    {
        _dueNs[Flow] += _intervalNs[Flow];
        Choose();
    }

    private void Choose()
    {
        Flow = 0;
        for (var i = 1; i < _dueNs.Length; i++)
        {
            if (_dueNs[i] < _dueNs[Flow])
            {
                Flow = i;
            }
        }
    }
}

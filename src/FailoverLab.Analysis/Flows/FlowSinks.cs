namespace FailoverLab.Analysis;

/// <summary>Everything that is counted of one sequenced flow.</summary>
internal sealed class FlowSinks(FlowEnds ends, PathWatch? paths, BinGrid grid, int pathCount, bool withDetail)
{
    private readonly BinnedCounts?[] _carried = new BinnedCounts?[pathCount];
    private long _lastRow = long.MinValue;
    private long _lastSendNs;
    private bool _lastStamped;

    /// <summary>Plain counts.</summary>
    public FlowCounters Counters { get; } = new();

    /// <summary>The sending interval.</summary>
    public IntervalMeter Interval { get; } = new();

    /// <summary>Interarrival jitter.</summary>
    public JitterMeter Jitter { get; } = new();

    /// <summary>One-way delays of packets seen at both ends, ns.</summary>
    public ValueDistribution Delays { get; } = new();

    /// <summary>Sum of those delays, for their mean.</summary>
    public double DelaySumNs { get; private set; }

    /// <summary>How many there are.</summary>
    public long DelayCount { get; private set; }

    /// <summary>Those delays over time, by sending.</summary>
    public BinnedMedians DelaySeries { get; } = new(grid);

    /// <summary>Loss periods.</summary>
    public LossIndex Losses { get; } = new();

    /// <summary>Silences.</summary>
    public OutageWatch Outages { get; } = new(withDetail);

    /// <summary>The working path; absent where no path is known.</summary>
    public PathWatch? Paths => paths;

    /// <summary>Packets sent over time.</summary>
    public BinnedCounts SentSeries { get; } = new(grid);

    /// <summary>Packets received over time, by arrival.</summary>
    public BinnedCounts ReceivedSeries { get; } = new(grid);

    /// <summary>Packets lost over time, by sending.</summary>
    public BinnedCounts LostSeries { get; } = new(grid);

    /// <summary>Packets over time by the path they entered, by sending; absent for a path never entered.</summary>
    public IReadOnlyList<BinnedCounts?> CarriedSeries => _carried;

    /// <summary>Send time of the first row, ns since the Unix epoch.</summary>
    public long FirstSendNs { get; private set; } = RowWindow.Missing;

    /// <summary>Highest row received; before the first, <see cref="long.MinValue"/>.</summary>
    public long HighestReceived { get; private set; } = long.MinValue;

    /// <summary>Its send time.</summary>
    public long HighestReceivedSendNs { get; private set; }

    /// <summary>Packets lost before it.</summary>
    public int LostBeforeHighest { get; private set; }

    /// <summary>Counts a settled packet, in order of the numbers.</summary>
    public void OnRow(FlowTrack track, FlowPoints points, long row, long sendNs, RowState state)
    {
        if (FirstSendNs == RowWindow.Missing) FirstSendNs = sendNs;
        var received = (state & RowState.Received) != 0;
        var sent = (state & RowState.Sent) != 0;
        if (sent) Counters.Sent++;
        else if (received && ends.HasSender) Counters.NotSent++;
        var stamped = sent || received;
        if (stamped && _lastStamped && row == _lastRow + 1) Interval.Add(sendNs - _lastSendNs);
        (_lastRow, _lastSendNs, _lastStamped) = (row, sendNs, stamped);
        SentSeries.Add(sendNs);
        if ((state & RowState.Lost) != 0)
        {
            LostSeries.Add(sendNs);
            Losses.Add(row, track.Lost - 1, sendNs);
        }

        if (received) (HighestReceived, HighestReceivedSendNs, LostBeforeHighest) = (row, sendNs, track.Rows.LostBefore(row));
        if (paths is null) return;
        paths.Add(track, points, row, state);
        if (paths.Entered >= 0) (_carried[paths.Entered] ??= new BinnedCounts(grid)).Add(sendNs);
    }

    /// <summary>Counts an arrival, in order of time, once its row and all before are settled.</summary>
    public void OnArrival(FlowTrack track, in Arrival? last, in Arrival arrival)
    {
        if (last is { } before) Jitter.Add(arrival.DelayNs - before.DelayNs);
        else Counters.LostBeforeFirst = arrival.LostBefore;
        ReceivedSeries.Add(arrival.ReceivedNs);
        if (ends.HasSender && IsSent(track, arrival.Row)) CountDelay(arrival);
        Outages.Add(track, last, arrival);
    }

    /// <summary>Nothing more comes.</summary>
    public void Finish(FlowTrack track, long observationEndNs)
    {
        Outages.Finish(track, observationEndNs);
        paths?.Finish(track);
    }

    private static bool IsSent(FlowTrack track, long row) => track.Rows.Holds(row) && (track.Rows.State(row) & RowState.Sent) != 0;

    private void CountDelay(in Arrival arrival)
    {
        var delay = arrival.DelayNs;
        if (delay > FlowCounters.ForwardingDelayThresholdNs) Counters.Late++;
        DelaySumNs += delay;
        DelayCount++;
        Delays.Add(delay);
        DelaySeries.Add(arrival.SendNs, delay);
    }
}

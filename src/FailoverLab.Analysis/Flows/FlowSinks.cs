using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>Everything that is counted of one sequenced flow.</summary>
internal sealed class FlowSinks(FlowEnds ends, PathWatch? paths, FlowSeriesWatch? series, ClockWatch? clocks)
{
    private long? _firstArrival;
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

    /// <summary>Loss periods.</summary>
    public LossIndex Losses { get; } = new();

    /// <summary>Packets that took longer than the forwarding delay threshold.</summary>
    public LateRuns Late { get; } = new();

    /// <summary>The points on its way.</summary>
    public HopWatch Hops { get; } = new();

    /// <summary>What it tells of its hosts' clocks; absent where it tells nothing.</summary>
    public ClockWatch? Clocks => clocks;

    /// <summary>Silences.</summary>
    public OutageWatch Outages { get; } = new(withDetail: series is not null);

    /// <summary>The working path; absent where no path is known.</summary>
    public PathWatch? Paths => paths;

    /// <summary>The flow over time; absent for all but the first flows of many.</summary>
    public FlowSeriesWatch? Series => series;

    /// <summary>What the flow was worth; absent for all but the first flows of many.</summary>
    public QualityMeter? Quality { get; } = series is null ? null : new QualityMeter(ends);

    /// <summary>Send time of the first row, ns since the Unix epoch.</summary>
    public long FirstSendNs { get; private set; } = RowWindow.Missing;

    /// <summary>Packets lost before the first that arrived.</summary>
    public int LostBeforeFirst => _firstArrival is { } row ? Losses.LostBeforeRow(row) : 0;

    /// <summary>Highest row received; before the first, <see cref="long.MinValue"/>.</summary>
    public long HighestReceived { get; private set; } = long.MinValue;

    /// <summary>Its send time.</summary>
    public long HighestReceivedSendNs { get; private set; }

    /// <summary>Packets lost before it.</summary>
    public int LostBeforeHighest { get; private set; }

    /// <summary>Counts a settled packet, in order of the numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OnRow(FlowTrack track, FlowPoints points, long number, ref Row row, int lostBefore)
    {
        var (sendNs, state) = (row.SendNs, row.State);
        if (FirstSendNs == RowWindow.Missing) FirstSendNs = sendNs;
        if ((state & RowState.Sent) != 0) Counters.Sent++;
        else if (ends.HasSender && (state & RowState.Received) != 0) Counters.NotSent++;
        var stamped = (state & (RowState.Sent | RowState.Received)) != 0;
        if (stamped && _lastStamped) Interval.Add(sendNs - _lastSendNs);
        (_lastSendNs, _lastStamped) = (sendNs, stamped);
        series?.Sent.Add(sendNs);
        if ((state & RowState.Received) != 0)
        {
            (HighestReceived, HighestReceivedSendNs, LostBeforeHighest) = (number, sendNs, lostBefore);
        }
        else if ((state & RowState.Lost) != 0)
        {
            series?.Lost.Add(sendNs);
            Losses.Add(number, lostBefore, sendNs);
        }

        Quality?.OnRow(row);
        if (points.IsReceiverAlone) return;
        Hops.Add(points, track.Rows, number, row);
        clocks?.Add(points, track.Rows, number);
        if (paths is not null) OnPath(track, points, number, ref row);
    }

    /// <summary>Counts an arrival, in order of time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OnArrival(FlowTrack track, in Arrival arrival, bool wasSent)
    {
        if (!track.HasArrived) _firstArrival = arrival.Row;
        else Jitter.Add(arrival.DelayNs - track.LastArrival.DelayNs);
        if (series is not null)
        {
            series.Received.Add(arrival.ReceivedNs);
            series.Bytes.Add(arrival.ReceivedNs, arrival.Length);
        }

        if (wasSent) CountDelay(arrival);
        Quality?.OnArrival(track.LastArrival, arrival);
        Outages.Add(track, arrival);
    }

    /// <summary>Counts settled packets that all arrived at the flow's only point.</summary>
    public void OnRows(in SettledRun run)
    {
        var sends = run.SendsNs;
        if (FirstSendNs == RowWindow.Missing) FirstSendNs = sends[0];
        if (_lastStamped) Interval.Add(sends[0] - _lastSendNs);
        Interval.AddBetween(sends);
        (_lastSendNs, _lastStamped) = (sends[^1], true);
        series?.Sent.Add(run);
        (HighestReceived, HighestReceivedSendNs, LostBeforeHighest) = (run.LastRow, _lastSendNs, run.LostBefore);
        Quality?.OnRows(run);
    }

    /// <summary>Counts arrivals at the flow's only point.</summary>
    public void OnArrivals(in SteadyRun run)
    {
        Counters.CountReceived(run);
        Jitter.Add(run.Differences);
        series?.Receive(run.Sightings, run.Bytes);
        Quality?.OnArrivals(run);
        Outages.Add(run);
    }

    /// <summary>Nothing more comes.</summary>
    public void Finish(FlowTrack track, long observationEndNs)
    {
        Outages.Finish(track, observationEndNs);
        paths?.Finish(track);
    }

    private void OnPath(FlowTrack track, FlowPoints points, long number, ref Row row)
    {
        paths!.Add(track, points, number, ref row);
        if (paths.Entered >= 0) series?.Enter(paths.Entered, row.SendNs);
    }

    private void CountDelay(in Arrival arrival)
    {
        var delay = arrival.DelayNs;
        if (delay > FlowCounters.ForwardingDelayThresholdNs)
        {
            Counters.Late++;
            Late.Add(arrival.Row, arrival.SendNs);
        }

        DelaySumNs += delay;
        DelayCount++;
        Delays.Add(delay);
        series?.Delays.Add(arrival.SendNs, delay);
    }
}

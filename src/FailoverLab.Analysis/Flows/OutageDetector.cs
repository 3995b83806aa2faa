namespace FailoverLab.Analysis;

/// <summary>
/// Tells outages from accidental loss. A silence between two deliveries is an outage when packets between them were lost, it lasts
/// longer than three sending intervals, and neither chance nor ordinary delay variation explains it:
/// the loss period (RFC 3357) is longer than independent loss at the ratio seen around it would produce once in a
/// hundred such flows, or the silence is longer than its lost packets and the delay variation around it account for.
/// </summary>
internal sealed class OutageDetector(FlowTable flow, long observationEndNs)
{
    /// <summary>A silence up to this many sending intervals is never an outage.</summary>
    public const int MinSilenceIntervals = 3;

    /// <summary>Shorter loss periods are loss, whatever the loss ratio around them.</summary>
    public const int MinLossPeriod = 3;

    private const int Neighbourhood = 200;
    private const int LeastNeighbours = 20;
    private const int DelayNeighbourhood = 100;
    private const double ChanceLimit = 0.01;
    private const double MaxBackgroundLoss = 0.5;

    /// <summary>All outages of the flow, in order of time; one without <see cref="Silence.AfterRow"/> can only be the last.</summary>
    public List<Silence> Find()
    {
        var outages = new List<Silence>();
        if (flow.IntervalNs <= 0) return outages;
        for (var k = 1; k < flow.Arrivals.Length; k++)
        {
            var (before, after) = (flow.Arrivals[k - 1], flow.Arrivals[k]);
            var silence = flow.ReceivedNs[after] - flow.ReceivedNs[before];
            if (silence <= MinSilenceIntervals * flow.IntervalNs || after <= before) continue;
            var lost = flow.LostBetween(before, after);
            if (lost > 0 && !IsExplained(k, before, after, lost, silence)) outages.Add(new Silence(before, after, lost));
        }

        if (Unrecovered() is { } open) outages.Add(open);
        return outages;
    }

    /// <summary>Loss periods of at least this length are no accident at the loss ratio around rows <paramref name="before"/> and <paramref name="after"/>.</summary>
    internal int LeastSignificantPeriod(int before, int after)
    {
        var ratio = Math.Max(LossRatio(before - Neighbourhood, before), LossRatio(after + 1, after + 1 + Neighbourhood));
        var length = Math.Log(flow.Count / ChanceLimit) / -Math.Log(Math.Min(ratio, MaxBackgroundLoss));
        return Math.Max(MinLossPeriod, (int)Math.Ceiling(length));
    }

    private bool IsExplained(int arrival, int before, int after, int lost, long silence) =>
        lost < LeastSignificantPeriod(before, after)
        && silence <= ((lost + 1) * flow.IntervalNs) + Math.Max(DelayVariation(arrival - DelayNeighbourhood, arrival), DelayVariation(arrival, arrival + DelayNeighbourhood));

    /// <summary>Loss ratio of rows, as the mean of its posterior under a flat prior (so never 0); 0 where too few rows are there to tell.</summary>
    private double LossRatio(int from, int to)
    {
        (from, to) = (Math.Clamp(from, 0, flow.Count), Math.Clamp(to, 0, flow.Count));
        var packets = to - from;
        return packets < LeastNeighbours ? 1e-6 : (flow.LostBefore[to] - flow.LostBefore[from] + 1.0) / (packets + 2);
    }

    /// <summary>Range of the delays of some arrivals, ns.</summary>
    private long DelayVariation(int from, int to)
    {
        var (least, most) = (long.MaxValue, long.MinValue);
        for (var k = Math.Max(0, from); k < Math.Min(to, flow.Arrivals.Length); k++)
        {
            var row = flow.Arrivals[k];
            var delay = flow.ReceivedNs[row] - flow.SendNs[row];
            (least, most) = (Math.Min(least, delay), Math.Max(most, delay));
        }

        return most > least ? most - least : 0;
    }

    /// <summary>Packets that were sent after the last delivery and had time to arrive before the observation ended, but did not.</summary>
    private Silence? Unrecovered()
    {
        if (flow is not { HasSender: true, HasReceiver: true }) return null;
        var last = flow.Arrivals.Length == 0 ? -1 : flow.Arrivals.Max();
        var judgedUntil = observationEndNs - GreatestDelay();
        var end = flow.Count;
        while (end > last + 1 && flow.SendNs[end - 1] > judgedUntil) end--;
        var lost = flow.LostBetween(last, end);
        if (lost < (last < 0 ? MinLossPeriod : LeastSignificantPeriod(last, flow.Count))) return null;
        var sentFor = flow.SendNs[end - 1] - flow.SendNs[Math.Max(0, last)];
        return sentFor > (MinSilenceIntervals - 1) * flow.IntervalNs ? new Silence(flow.Arrivals.Length == 0 ? -1 : flow.Arrivals[^1], -1, lost) : null;
    }

    private long GreatestDelay()
    {
        var greatest = 0L;
        foreach (var row in flow.Arrivals) greatest = Math.Max(greatest, flow.ReceivedNs[row] - flow.SendNs[row]);
        return Math.Min(greatest, FlowStatistics.ForwardingDelayThresholdNs);
    }
}

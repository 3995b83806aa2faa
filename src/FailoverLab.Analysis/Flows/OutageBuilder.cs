using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Turns silences into the record's outages, with the interval that holds the truth.</summary>
internal sealed class OutageBuilder(FlowTable flow, FlowPaths? paths, IReadOnlyList<PathContext> names, long observationEndNs)
{
    private const int EdgePackets = 60;
    private const int ShownLost = 200;

    /// <summary>The record's outage.</summary>
    public Outage Build(Silence silence)
    {
        var interval = Interval(silence);
        return new Outage
        {
            Flow = flow.Context.Name,
            StartNs = silence.BeforeRow >= 0 ? flow.ReceivedNs[silence.BeforeRow] : flow.SendNs[0],
            EndNs = silence.AfterRow >= 0 ? flow.ReceivedNs[silence.AfterRow] : null,
            DurationNs = interval.ValueNs,
            LowNs = interval.LowNs,
            HighNs = silence.AfterRow >= 0 ? interval.HighNs : null,
            Lost = silence.Lost,
            Recovered = silence.AfterRow >= 0,
            FromPath = PathName(silence.BeforeRow),
            ToPath = PathName(silence.AfterRow),
            Detail = Detail(silence),
        };
    }

    /// <summary>
    /// The silence less one sending interval. The truth lies between what is certain to have failed and what is certain to have
    /// worked: by send times, first to last lost packet and last good to first good; by arrivals, the silence less the two sending
    /// intervals at its edges, and the silence. Taking the wider of both keeps the truth inside however the delay changed between.
    /// </summary>
    public MeasuredTime Interval(Silence silence)
    {
        if (silence.AfterRow < 0) return OpenInterval(silence);
        var length = flow.ReceivedNs[silence.AfterRow] - flow.ReceivedNs[silence.BeforeRow];
        var value = Math.Max(0, length - flow.IntervalNs);
        var (firstLost, lastLost) = LostEnds(silence.BeforeRow, silence.AfterRow);
        if (firstLost < 0) return new MeasuredTime(value, 0, length);
        var send = flow.SendNs;
        var (lastGood, firstGood) = (Math.Max(0, firstLost - 1), Math.Min(flow.Count - 1, lastLost + 1));
        var edges = send[firstLost] - send[lastGood] + (send[firstGood] - send[lastLost]);
        var low = Math.Min(value, Math.Min(send[lastLost] - send[firstLost], length - edges));
        var high = Math.Max(length, send[firstGood] - send[lastGood]);
        return new MeasuredTime(value, Math.Max(0, low), high);
    }

    private MeasuredTime OpenInterval(Silence silence)
    {
        var start = silence.BeforeRow >= 0 ? flow.ReceivedNs[silence.BeforeRow] : flow.SendNs[0];
        var end = Math.Min(observationEndNs, flow.SendNs[^1] + MedianDelay());
        var value = Math.Max(0, end - start - flow.IntervalNs);
        return new MeasuredTime(value, Math.Max(0, value - flow.IntervalNs), end - start);
    }

    private long MedianDelay()
    {
        if (flow.Arrivals.Length == 0) return 0;
        var delays = Array.ConvertAll(flow.Arrivals, row => flow.ReceivedNs[row] - flow.SendNs[row]);
        return Quantile.Median(delays);
    }

    private (int First, int Last) LostEnds(int before, int after)
    {
        var (first, last) = (before + 1, after - 1);
        while (first < after && !flow.IsLost(first)) first++;
        while (last > before && !flow.IsLost(last)) last--;
        return first < after ? (first, last) : (-1, -1);
    }

    private string? PathName(int row) => row >= 0 && paths is not null && paths.Carrier(row) is >= 0 and var path ? names[path].Name : null;

    /// <summary>The rows shown: some before, the lost ones (the middle left out where there are many), some after.</summary>
    private GapDetail Detail(Silence silence)
    {
        var (before, after) = (Math.Max(0, silence.BeforeRow), silence.AfterRow >= 0 ? silence.AfterRow : flow.Count - 1);
        var (from, to) = (Math.Max(0, before - EdgePackets), Math.Min(flow.Count - 1, after + EdgePackets));
        var rows = Enumerable.Range(from, to - from + 1).Where(row => row <= before + ShownLost || row >= after - ShownLost).ToArray();
        return new GapDetail
        {
            Sequence = Array.ConvertAll(rows, row => flow.Sequence[row]),
            SentNs = Array.ConvertAll(rows, row => flow.SendNs[row]),
            ReceivedNs = Array.ConvertAll(rows, row => flow.ReceivedNs[row] == FlowTable.Missing ? 0 : flow.ReceivedNs[row]),
            Path = Array.ConvertAll(rows, row => paths?.Carrier(row) ?? -1),
        };
    }
}

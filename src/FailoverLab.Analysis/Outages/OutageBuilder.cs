using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Turns silences into the record's outages, with the interval that holds the truth.</summary>
internal sealed class OutageBuilder(FlowResult flow, IReadOnlyList<PathContext> names, long observationEndNs)
{
    /// <summary>The record's outage.</summary>
    public Outage Build(Silence silence)
    {
        var interval = Interval(silence);
        return new Outage
        {
            Flow = flow.Name,
            StartNs = silence.Before?.ReceivedNs ?? flow.Sinks.FirstSendNs,
            EndNs = silence.After?.ReceivedNs,
            DurationNs = interval.ValueNs,
            LowNs = interval.LowNs,
            HighNs = silence.After is null ? null : interval.HighNs,
            Lost = silence.Lost,
            Recovered = silence.After is not null,
            FromPath = PathName(silence.Before),
            ToPath = PathName(silence.After),
            Detail = silence.Detail,
        };
    }

    /// <summary>
    /// The silence less one sending interval. The truth lies between what is certain to have failed and what is certain to have
    /// worked: by send times, first to last lost packet and last good to first good; by arrivals, the silence less the two sending
    /// intervals at its edges, and the silence. Taking the wider of both keeps the truth inside however the delay changed between.
    /// </summary>
    private MeasuredTime Interval(Silence silence)
    {
        if (silence is not { Before: { } before, After: { } after }) return OpenInterval(silence);
        var length = after.ReceivedNs - before.ReceivedNs;
        var value = Math.Max(0, length - flow.IntervalNs);
        if (silence.FirstLostNs == RowWindow.Missing) return new MeasuredTime(value, 0, length);
        var edges = silence.FirstLostNs - silence.LastGoodNs + (silence.FirstGoodNs - silence.LastLostNs);
        var low = Math.Min(value, Math.Min(silence.LastLostNs - silence.FirstLostNs, length - edges));
        var high = Math.Max(length, silence.FirstGoodNs - silence.LastGoodNs);
        return new MeasuredTime(value, Math.Max(0, low), high);
    }

    private MeasuredTime OpenInterval(Silence silence)
    {
        var start = silence.Before?.ReceivedNs ?? flow.Sinks.FirstSendNs;
        var end = Math.Min(observationEndNs, silence.LastLostNs + (flow.Sinks.Delays.Summarise()?.Median ?? 0));
        var value = Math.Max(0, end - start - flow.IntervalNs);
        return new MeasuredTime(value, Math.Max(0, value - flow.IntervalNs), end - start);
    }

    private string? PathName(Arrival? arrival) => arrival is { Path: >= 0 and var path } ? names[path].Name : null;
}

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
            StartLateNs = Told(silence.BeforeLateNs),
            EndLateNs = Told(silence.AfterLateNs),
            Detail = silence.Detail,
        };
    }

    private MeasuredTime Interval(Silence silence)
    {
        if (silence is not { Before: { } before, After: { } after }) return OpenInterval(silence);
        var length = after.ReceivedNs - before.ReceivedNs;
        if (silence.FirstLostNs == RowWindow.Missing) return new MeasuredTime(Math.Max(0, length - flow.IntervalNs), 0, length);
        return SilenceInterval.Of(
            length, length + silence.BeforeLateNs - silence.AfterLateNs, flow.IntervalNs, silence.LastLostNs - silence.FirstLostNs, silence.FirstGoodNs - silence.LastGoodNs);
    }

    private MeasuredTime OpenInterval(Silence silence)
    {
        var start = silence.Before?.ReceivedNs ?? flow.Sinks.FirstSendNs;
        var end = Math.Min(observationEndNs, silence.LastLostNs + (flow.Sinks.Delays.Summarise()?.Median ?? 0));
        var value = Math.Max(0, end - start - flow.IntervalNs);
        return new MeasuredTime(value, Math.Max(0, value - flow.IntervalNs), end - start);
    }

    private long? Told(long lateNs) => lateNs > flow.IntervalNs ? lateNs : null;

    private string? PathName(Arrival? arrival) => arrival is { Path: >= 0 and var path } ? names[path].Name : null;
}

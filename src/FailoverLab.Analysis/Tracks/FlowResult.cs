namespace FailoverLab.Analysis;

/// <summary>One sequenced flow, followed to its end.</summary>
internal sealed class FlowResult(FlowTrack track, FlowKey key, long strange)
{
    /// <summary>The flow.</summary>
    public FlowKey Key => key;

    /// <summary>Name and ends.</summary>
    public FlowEnds Ends => track.Ends;

    /// <summary>Name in the record.</summary>
    public string Name => track.Ends.Context.Name;

    /// <summary>What was counted.</summary>
    public FlowSinks Sinks => track.Sinks;

    /// <summary>Rows there were.</summary>
    public long Count => track.Count;

    /// <summary>Packets lost.</summary>
    public int Lost => track.Lost;

    /// <summary>Packets with numbers that nothing explained.</summary>
    public long Strange => strange;

    /// <summary>Median sending interval, ns; 0 where the flow has none.</summary>
    public long IntervalNs { get; } = track.Sinks.Interval.MedianNs();

    /// <summary>The silences that are outages, in order of time.</summary>
    public IReadOnlyList<Silence> Outages { get; private init; } = [];

    /// <summary>Judges a flow's silences now that it is known whole.</summary>
    public static FlowResult Of(FlowTrack track, FlowKey key, long strange)
    {
        var interval = track.Sinks.Interval.MedianNs();
        return new FlowResult(track, key, strange)
        {
            Outages = interval <= 0 ? [] : [.. track.Sinks.Outages.Silences.Where(s => s.After is null || OutageRule.IsOutage(s, interval, track.Count))],
        };
    }
}

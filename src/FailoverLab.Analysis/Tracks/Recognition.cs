using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Tells what a flow is from its first packets.</summary>
internal static class Recognition
{
    /// <summary>So many packets of one point tell a protocol apart from chance.</summary>
    public const int PacketsToKnow = 16;

    /// <summary>Begins to follow a flow.</summary>
    /// <param name="key">The flow.</param>
    /// <param name="ordinal">Its place in order of appearance.</param>
    /// <param name="planned">What the plan says; absent = nothing.</param>
    /// <param name="first">Its first packets at all points.</param>
    /// <param name="context">What all flows share.</param>
    public static IFlowTrack Recognise(FlowKey key, int ordinal, FlowContext? planned, Span<Sighting> first, LaneContext context)
    {
        if (key.Kind == FlowKeyKind.Signal) return new SignalTrack(context);
        return Sequenced(key, FlowKind.Probe, null, ordinal, planned, first, context);
    }

    /// <summary>A flow of the plan of which nothing was seen.</summary>
    public static SequencedTrack Absent(FlowKey key, FlowContext planned, CapturePass pass)
    {
        var track = Sequenced(key, FlowKind.Probe, null, 0, planned, [], pass.Shared);
        track.Finish(pass.LastNs);
        return track;
    }

    private static SequencedTrack Sequenced(
        FlowKey key, FlowKind kind, INumbering? numbering, int ordinal, FlowContext? planned, Span<Sighting> first, LaneContext context)
    {
        var ends = FlowEnds.Find(planned ?? new FlowContext((uint)key.Number, key.Name), first, context.Names, context.Captured);
        var paths = context.Plan.Paths.Count + context.Plan.Routers.Count > 0 ? new PathWatch(context.Plan, context.Captured, context.Grid) : null;
        var sinks = new FlowSinks(ends, paths, context.Grid, context.Plan.Paths.Count, ordinal < LaneContext.DetailedFlows);
        return new SequencedTrack(key, kind, numbering, new FlowTrack(ends, new FlowPoints(ends, context.Plan, context.Names), sinks));
    }
}

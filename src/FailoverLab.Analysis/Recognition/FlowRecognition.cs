using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Tells what a flow is from its first packets.</summary>
internal static class FlowRecognition
{
    /// <summary>So many packets of one point tell a protocol apart from chance.</summary>
    public const int PacketsToKnow = 16;

    /// <summary>Begins to follow a flow.</summary>
    /// <param name="key">The flow.</param>
    /// <param name="ordinal">Its place in order of appearance.</param>
    /// <param name="planned">What the plan says; absent = nothing.</param>
    /// <param name="first">Its first packets at all points; changed to show sequence numbers.</param>
    /// <param name="context">What all flows share.</param>
    public static IFlowTrack Recognise(FlowKey key, int ordinal, FlowContext? planned, Span<Sighting> first, LaneContext context)
    {
        switch (key.Kind)
        {
            case FlowKeyKind.Signal:
                return new SignalTrack(context);
            case FlowKeyKind.Tcp:
                return new TcpTrack(key, TcpPoints.Nearest(first), SeriesOf(ordinal, context), SeriesOf(ordinal, context));
            case FlowKeyKind.IcmpEcho:
                var echo = new EchoNumbering(first, context.Names);
                return Follow(key, FlowKind.IcmpEcho, echo, echo.EndsOf(key), ordinal, context);
            case FlowKeyKind.Udp when Iperf3Numbering.TryRecognise(first) is { } iperf3:
                return Sequenced(key, FlowKind.Iperf3Udp, iperf3, ordinal, planned, first, context);
            case FlowKeyKind.Udp when RtpNumbering.TryRecognise(first) is { } rtp:
                return Sequenced(key, FlowKind.Rtp, rtp, ordinal, planned, first, context);
            case FlowKeyKind.Udp or FlowKeyKind.OtherIp:
                return new GenericTrack(key, Farthest(first), SeriesOf(ordinal, context), context);
            default:
                return Sequenced(key, FlowKind.Probe, null, ordinal, planned, first, context);
        }
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
        // The ends are found by the numbers, so numbers come first; the sightings are numbered again when they are taken.
        var copy = numbering is null ? first : first.ToArray();
        numbering?.Number(copy);
        numbering?.Restart();
        var ends = FlowEnds.Find(planned ?? OfOwners(key, copy, context), copy, context);
        return Follow(key, kind, numbering, ends, ordinal, context);
    }

    /// <summary>The flow between the hosts whose addresses it bears, as far as they captured it: clocks of several hosts may not tell who saw a packet first.</summary>
    private static FlowContext OfOwners(FlowKey key, ReadOnlySpan<Sighting> first, LaneContext context)
    {
        var flow = new FlowContext((uint)key.Number, key.Name);
        if (key.Kind != FlowKeyKind.Udp || context.Plan.Owners.Count == 0) return flow;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (ref readonly var sighting in first) seen.Add(context.Names[sighting.Point]);
        return flow with { From = Owner(key.Source), To = Owner(key.Destination) };

        string? Owner(string address) => context.Plan.Owners.GetValueOrDefault(address) is { } host && seen.Any(p => p.StartsWith(host + ".", StringComparison.Ordinal)) ? host : null;
    }

    private static SequencedTrack Follow(FlowKey key, FlowKind kind, INumbering? numbering, FlowEnds ends, int ordinal, LaneContext context)
    {
        var paths = context.Plan.Paths.Count + context.Plan.Routers.Count > 0 ? new PathWatch(context.Plan, context.Captured, context.Grid) : null;
        var sinks = new FlowSinks(ends, paths, SeriesOf(ordinal, context), ClockWatch.Of(ends, ordinal, context));
        return new SequencedTrack(key, kind, numbering, new FlowTrack(ends, new FlowPoints(ends, context.Plan, context.Names), sinks));
    }

    /// <summary>The point that saw the first packet last, of those that saw at least half as many as any.</summary>
    private static int Farthest(ReadOnlySpan<Sighting> first)
    {
        var points = first.ToArray().GroupBy(s => s.Point).Select(g => (Point: g.Key, Count: g.Count(), FirstNs: g.Min(s => s.StampNs))).ToList();
        var most = points.Select(p => p.Count).DefaultIfEmpty(0).Max();
        return points.Where(p => p.Count * 2 >= most).OrderByDescending(p => p.FirstNs).ThenBy(p => p.Point).Select(p => p.Point).FirstOrDefault(-1);
    }

    private static FlowSeriesWatch? SeriesOf(int ordinal, LaneContext context) =>
        ordinal < LaneContext.DetailedFlows ? new FlowSeriesWatch(context.Grid, context.Plan.Paths.Count) : null;
}

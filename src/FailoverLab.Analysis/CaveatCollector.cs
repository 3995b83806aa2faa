using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Finds what limits trust in the figures.</summary>
internal static class CaveatCollector
{
    private const int FewPackets = 100;

    /// <summary>Packets stamped on one processor and queued after another's are out of order by less.</summary>
    private const long WorryingBackwardNs = 1_000_000;

    /// <summary>Everything to be said about captures and flows.</summary>
    public static IReadOnlyList<Caveat> Collect(
        CapturePass pass, IReadOnlyList<FlowResult> flows, AnalysisContext context, IReadOnlyDictionary<string, PointReport> reports) =>
        [.. pass.Tallies.SelectMany(t => OfCapture(t, reports, Derived(t, flows, context))), .. flows.SelectMany(OfFlow), .. pass.Tunnels?.Caveats() ?? [], .. OfContext(context, pass.Captured)];

    private static IEnumerable<Caveat> OfCapture(CaptureTally tally, IReadOnlyDictionary<string, PointReport> reports, IReadOnlyList<string> derived)
    {
        var summary = tally.Summary(tally.Point is null ? null : reports.GetValueOrDefault(tally.Point));
        var name = summary.Point ?? summary.File;
        if (tally.Fault is { } fault) yield return new Caveat(tally.IsReadable ? "capture-truncated" : "capture-unreadable", $"{summary.File}: {fault}.", [name, .. derived]);
        if (summary.Dropped > 0)
            yield return new Caveat("capture-drops", $"{name}: {summary.Dropped} packets were not captured; losses counted there may be the capture's.", [name, .. derived]);
        if (summary.Reported is { } reported && reported != summary.Packets)
            yield return new Caveat("capture-recount", $"{name}: {reported} packets were reported, {summary.Packets} are in the file.", [name, .. derived]);
        if (tally.NotFollowed > 0)
            yield return new Caveat("flows-not-followed", $"{name}: {tally.NotFollowed} packets belong to flows that appeared after the first {FlowIndex.MostFlows} and were not followed.", [name]);
        if (tally.LargestBackwardNs > WorryingBackwardNs)
            yield return new Caveat("stamps-backwards", $"{name}: stamps go back by up to {DurationText.FormatNs(tally.LargestBackwardNs)}, so the clock was stepped or the file put together; packets were taken in order of their stamps.", [name]);
    }

    /// <summary>What is made of a capture: flows that were followed at its points, paths it is an end of.</summary>
    private static IReadOnlyList<string> Derived(CaptureTally tally, IReadOnlyList<FlowResult> flows, AnalysisContext context) =>
    [
        .. flows.Where(f => tally.Points.Any(p => f.Ends.IsSender(p) || f.Ends.IsReceiver(p))).Select(f => f.Name),
        .. context.Paths.Where(p => tally.Points.Contains(p.SitePoint) || (p.FarPoint is { } far && tally.Points.Contains(far))).Select(p => p.Name),
    ];

    private static IEnumerable<Caveat> OfFlow(FlowResult flow)
    {
        var (name, ends, counters) = (flow.Name, flow.Ends, flow.Sinks.Counters);
        if (flow.Count == 0) yield return new Caveat("no-packets", $"{name}: no packet of this flow was captured.", [name]);
        else if (flow.Count < FewPackets) yield return new Caveat("few-packets", $"{name}: {flow.Count} packets are few for figures about it.", [name]);
        if (counters.NotSent > 0) yield return new Caveat("received-not-sent", $"{name}: {counters.NotSent} packets arrived that the sender's capture lacks.", [name]);
        if (counters.GivenUp > 0) yield return new Caveat("given-up", $"{name}: {counters.GivenUp} packets arrived after they had been counted as lost, {DurationText.FormatNs(FlowTrack.WaitNs)} and more after they were sent.", [name]);
        if (flow.Strange > 0) yield return new Caveat("strange-numbers", $"{name}: {flow.Strange} packets with sequence numbers far from all others were left out.", [name]);
        if (!ends.HasSender && flow.Count > 0)
            yield return new Caveat("no-sender-capture", $"{name}: without a capture at the sender, loss before the first and after the last packet received is not seen, and delay is unknown.", [name]);
        if (!ends.HasReceiver && flow.Count > 0)
            yield return new Caveat("no-receiver-capture", $"{name}: without a capture at the receiver, nothing is known of what arrived.", [name]);
        if (flow.Sinks.LostBeforeFirst is > 0 and var early)
            yield return new Caveat("lost-before-first", $"{name}: {early} packets were lost before the first was delivered; that is loss, but no outage.", [name]);
    }

    private static IEnumerable<Caveat> OfContext(AnalysisContext context, IReadOnlySet<string> captured)
    {
        var wanted = context.Paths.SelectMany(p => new[] { p.SitePoint, p.FarPoint }).OfType<string>()
            .Concat(context.Routers.Select(r => r.Point))
            .Concat(context.Flows.SelectMany(f => new[] { f.SentPoint, f.ReceivedPoint }).OfType<string>());
        foreach (var point in wanted.Distinct().Where(p => !captured.Contains(p)))
            yield return new Caveat("point-missing", $"{point}: there is no capture of this point; what only it can show is absent.", [point]);
    }
}

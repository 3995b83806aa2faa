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
        IReadOnlyList<CaptureScan> scans, IReadOnlyList<FlowTable> flows, AnalysisContext context, IReadOnlySet<string> captured) =>
        [.. scans.SelectMany(OfCapture), .. flows.SelectMany(OfFlow), .. OfContext(context, captured)];

    private static IEnumerable<Caveat> OfCapture(CaptureScan scan)
    {
        var (summary, name) = (scan.Summary, scan.Summary.Point ?? scan.Summary.File);
        if (scan.Fault is { } fault) yield return new Caveat(scan.IsReadable ? "capture-truncated" : "capture-unreadable", $"{summary.File}: {fault}.", [name]);
        if (summary.Dropped > 0)
            yield return new Caveat("capture-drops", $"{name}: {summary.Dropped} packets were not captured; losses counted there may be the capture's.", [name]);
        if (summary.Reported is { } reported && reported != summary.Packets)
            yield return new Caveat("capture-recount", $"{name}: {reported} packets were reported, {summary.Packets} are in the file.", [name]);
        if (scan.LargestBackwardNs > WorryingBackwardNs)
            yield return new Caveat("stamps-backwards", $"{name}: stamps go back by up to {DurationText.FormatNs(scan.LargestBackwardNs)}, so the clock was stepped or the file put together; packets were taken in order of their stamps.", [name]);
    }

    private static IEnumerable<Caveat> OfFlow(FlowTable flow)
    {
        var name = flow.Context.Name;
        var extra = flow.HasSender ? flow.Arrivals.Count(row => !flow.Sent[row]) : 0;
        if (flow.Count == 0) yield return new Caveat("no-packets", $"{name}: no packet of this flow was captured.", [name]);
        else if (flow.Count < FewPackets) yield return new Caveat("few-packets", $"{name}: {flow.Count} packets are few for figures about it.", [name]);
        if (extra > 0) yield return new Caveat("received-not-sent", $"{name}: {extra} packets arrived that the sender's capture lacks.", [name]);
        if (!flow.HasSender && flow.Count > 0)
            yield return new Caveat("no-sender-capture", $"{name}: without a capture at the sender, loss before the first and after the last packet received is not seen, and delay is unknown.", [name]);
        if (!flow.HasReceiver && flow.Count > 0)
            yield return new Caveat("no-receiver-capture", $"{name}: without a capture at the receiver, nothing is known of what arrived.", [name]);
        if (flow.Arrivals.Length > 0 && flow.LostBefore[flow.Arrivals[0]] is > 0 and var early)
            yield return new Caveat("lost-before-first", $"{name}: {early} packets were lost before the first was delivered; that is loss, but no outage.", [name]);
    }

    private static IEnumerable<Caveat> OfContext(AnalysisContext context, IReadOnlySet<string> captured)
    {
        var wanted = context.Paths.SelectMany(p => new[] { p.SitePoint, p.FarPoint })
            .Concat(context.Routers.Select(r => r.Point))
            .Concat(context.Flows.SelectMany(f => new[] { f.SentPoint, f.ReceivedPoint }).OfType<string>());
        foreach (var point in wanted.Distinct().Where(p => !captured.Contains(p)))
            yield return new Caveat("point-missing", $"{point}: there is no capture of this point; what only it can show is absent.", [point]);
    }
}

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
        [.. pass.Tallies.SelectMany(t => OfCapture(t, reports, Derived(t, pass, flows, context))), .. OfPass(pass), .. flows.SelectMany(OfFlow), .. flows.SelectMany(f => OfClocks(f, pass, context)), .. pass.Tunnels?.Caveats() ?? [], .. pass.Unsought.Select(OfUnsought), .. OfContext(context, pass.Captured)];

    /// <summary>What limits trust in the figures of one failover.</summary>
    public static IEnumerable<Caveat> OfFailover(Failover failover)
    {
        if (failover.Flows.Select(f => f.HeldNs).Min() is { } held and < AnatomyBuilder.SustainedNs)
            yield return new Caveat("not-sustained", $"{failover.FromPath} to {failover.ToPath}: forwarding at the full rate was seen to hold for {DurationText.FormatNs(held)}, less than the {DurationText.FormatNs(AnatomyBuilder.SustainedNs)} that RFC 6412 asks for; rateDerivedFull is not validated.", [.. failover.Flows.Where(f => f.HeldNs < AnatomyBuilder.SustainedNs).Select(f => f.Flow), "rateDerivedFull"]);
    }

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
        if (tally.Stamps.Unstamped is > 0 and var unstamped)
            yield return new Caveat("no-stamps", $"{name}: {unstamped} packets carry no stamp (simple packet blocks); they are counted in the capture and are part of no flow.", [name, .. derived]);
        if (tally.LargestBackwardNs > WorryingBackwardNs)
            yield return new Caveat("stamps-backwards", $"{name}: stamps go back by up to {DurationText.FormatNs(tally.LargestBackwardNs)}, so the clock was stepped or the file put together; packets were taken in order of their stamps.", [name, .. derived]);
    }

    private static IEnumerable<Caveat> OfPass(CapturePass pass)
    {
        if (pass.NotFollowed > 0)
            yield return new Caveat("flows-not-followed", $"{pass.NotFollowed} packets belong to flows that appeared after the first {FlowIndex.MostFlows} of all captures and were not followed.", [.. pass.Tallies.Where(t => t.IsReadable).Select(t => t.Point ?? t.Input.DisplayName)]);
    }

    /// <summary>What is made of a capture: flows that were followed at its points, paths it is an end of.</summary>
    private static IReadOnlyList<string> Derived(CaptureTally tally, CapturePass pass, IReadOnlyList<FlowResult> flows, AnalysisContext context) =>
    [
        .. pass.Lanes.Select(l => l.Track).OfType<IReportingTrack>().SelectMany(t => t.Sources).Where(s => s.Point >= 0 && tally.Points.Contains(pass.Shared.Names[s.Point])).Select(s => s.Flow),
        .. flows.Where(f => tally.Points.Any(p => f.Ends.IsSender(p) || f.Ends.IsReceiver(p))).Select(f => f.Name),
        .. context.Paths.Where(p => tally.Points.Contains(p.SitePoint) || (p.FarPoint is { } far && tally.Points.Contains(far))).Select(p => p.Name),
    ];

    private static IEnumerable<Caveat> OfFlow(FlowResult flow)
    {
        var (name, ends, counters) = (flow.Name, flow.Ends, flow.Sinks.Counters);
        if (flow.Count == 0) yield return new Caveat("no-packets", $"{name}: no packet of this flow was captured.", [name]);
        else if (flow.Count < FewPackets) yield return new Caveat("few-packets", $"{name}: {flow.Count} packets are few for figures about it.", [name]);
        if (counters.NotSent > 0) yield return new Caveat("received-not-sent", $"{name}: {counters.NotSent} packets arrived that the sender's capture lacks: it dropped them, or the ends are the other way about because their clocks differ.", [name]);
        if (counters.GivenUp > 0) yield return new Caveat("given-up", $"{name}: {counters.GivenUp} packets arrived after they had been counted as lost, {DurationText.FormatNs(FlowTrack.WaitNs)} and more after they were sent.", [name]);
        if (flow.Strange > 0) yield return new Caveat("strange-numbers", $"{name}: {flow.Strange} packets with sequence numbers far from all others were left out.", [name]);
        if (!ends.HasSender && flow.Count > 0)
            yield return new Caveat("no-sender-capture", $"{name}: without a capture at the sender, loss before the first and after the last packet received is not seen, and delay is unknown.", [name]);
        if (!ends.HasReceiver && flow.Count > 0)
            yield return new Caveat("no-receiver-capture", $"{name}: without a capture at the receiver, nothing is known of what arrived.", [name]);
        if (flow.Sinks.LostBeforeFirst is > 0 and var early)
            yield return new Caveat("lost-before-first", $"{name}: {early} packets were lost before the first was delivered; that is loss, but no outage.", [name]);
    }

    /// <summary>Delays are differences of stamps: what two clocks made may be anything.</summary>
    private static IEnumerable<Caveat> OfClocks(FlowResult flow, CapturePass pass, AnalysisContext context)
    {
        if (flow.Ends is not { HasSender: true, HasReceiver: true, Context: { SentPoint: { } sent, ReceivedPoint: { } received } } || flow.Sinks.Delays.Count == 0) yield break;
        var bound = pass.Shared.ClockBoundNs(sent, received);
        if (flow.Sinks.Delays.Least < -bound)
            yield return new Caveat("clocks-differ", $"{flow.Name}: packets seem to arrive up to {DurationText.FormatNs(-flow.Sinks.Delays.Least)} before they were sent, so the clocks at {sent} and {received} differ by that and the delay, or the flow goes the other way; its delays, and paths and times that compare the two, are off by as much.", [flow.Name]);
        else if (context.ClocksAreUnknown && !pass.Tallies.Any(t => t.Points.Contains(sent) && t.Points.Contains(received)))
            yield return new Caveat("clocks-unknown", $"{flow.Name}: nothing is known of the clocks at {sent} and {received}; its one-way delays are as good as those agree.", [flow.Name]);
    }

    private static Caveat OfUnsought(HiddenFlow flow) =>
        new("tunnel-not-sought", $"{flow.Name}: it seems to be hidden in what the paths carried; to look for it the captures must be read twice, and one comes from a pipe: give files.", [flow.Name]);

    private static IEnumerable<Caveat> OfContext(AnalysisContext context, IReadOnlySet<string> captured)
    {
        var wanted = context.Paths.SelectMany(p => new[] { p.SitePoint, p.FarPoint }).OfType<string>()
            .Concat(context.Routers.Select(r => r.Point))
            .Concat(context.Flows.SelectMany(f => new[] { f.SentPoint, f.ReceivedPoint }).OfType<string>());
        foreach (var point in wanted.Distinct().Where(p => !captured.Contains(p)))
            yield return new Caveat("point-missing", $"{point}: there is no capture of this point; what only it can show is absent.", [point]);
        var beyond = context.Paths.Skip(AnalysisContext.MostPaths).Select(p => p.Name).Concat(context.Routers.Skip(AnalysisContext.MostPaths).Select(r => r.Name)).ToList();
        if (beyond.Count > 0)
            yield return new Caveat("paths-not-followed", $"{string.Join(", ", beyond)}: only the first {AnalysisContext.MostPaths} paths and routing servers are followed; what goes over these is on no path.", beyond);
    }
}

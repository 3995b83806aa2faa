using FailoverLab.Packets;
using FailoverLab.Testing;

namespace FailoverLab.Analysis.Tests;

/// <summary>
/// A lab without a network: two links between a site and a far end, flows both ways, and a script that says for each instant which
/// way packets go and which of them die. What it writes is what captures at both ends of everything would hold.
/// </summary>
internal sealed class SyntheticLab
{
    public const long T0 = 1_763_700_000_000_000_000;
    public const long Ms = 1_000_000;

    public static readonly PathContext[] Paths = [new("starlink-1", "endpoint.sl1", "hub.sl1"), new("starlink-2", "endpoint.sl2", "hub.sl2"), new("byu", "endpoint.byu", "hub.byu")];
    public static readonly RouterContext[] Routers = [new("router-1", "router-1.wan"), new("router-2", "router-2.wan")];

    public static readonly FlowContext Up = new(1, "traffic>business/ipv4", "traffic", "business", "traffic.lan", "business.core0");
    public static readonly FlowContext Down = new(2, "business>traffic/ipv4", "business", "traffic", "business.core0", "traffic.lan");

    /// <summary>The links' one-way delay, ns, in the order of <see cref="Paths"/>.</summary>
    public long[] DelayNs { get; } = [20 * Ms, 22 * Ms, 4 * Ms];

    /// <summary>Which paths (indices) a packet of a flow sent at an instant goes into; more than one = duplication; none = dropped before any link.</summary>
    public Func<uint, long, int[]> Route { get; set; } = (_, _) => [0];

    /// <summary>Which router's side a packet sent at an instant takes.</summary>
    public Func<uint, long, int> RouterOf { get; set; } = (_, _) => 0;

    /// <summary>Whether a packet entering a path at an instant comes out.</summary>
    public Func<uint, int, long, bool> Survives { get; set; } = (_, _, _) => true;

    /// <summary>Delay added to a packet of a path at an instant, ns.</summary>
    public Func<int, long, long> ExtraDelay { get; set; } = (_, _) => 0;

    /// <summary>Sender lateness of a packet number, ns.</summary>
    public Func<ulong, long> Lateness { get; set; } = _ => 0;

    public CaptureBuilder Captures { get; } = new CaptureBuilder().Declare(
        ["traffic.lan", "business.core0", "router-1.wan", "router-2.wan", .. Paths.Select(p => p.SitePoint), .. Paths.Select(p => p.FarPoint!)]);

    /// <summary>Context of the standard lab.</summary>
    public static AnalysisContext Context(params FlowContext[] flows) => new() { Flows = flows, Paths = Paths, Routers = Routers };

    /// <summary>Sends a flow at a constant interval, times relative to <see cref="T0"/>.</summary>
    public SyntheticLab Send(FlowContext flow, long fromNs, long toNs, long intervalNs = Ms)
    {
        var up = flow.SentPoint == "traffic.lan";
        ulong sequence = 0;
        for (var at = fromNs; at < toNs; at += intervalNs, sequence++)
        {
            var sent = T0 + at + Lateness(sequence);
            var header = new ProbeHeader(flow.Id, sequence, sent - 5_000, 0);
            var plain = FrameBuilder.Probe(header);
            var router = RouterOf(flow.Id, sent - T0);
            Captures.Add(flow.SentPoint!, sent, plain);
            if (!up) Captures.Add(Routers[router].Point, sent + 10_000, FrameBuilder.TunneledProbe(header, new TunnelHeader(1, 0, 100, (uint)sequence, 0)));
            foreach (var path in Route(flow.Id, sent - T0)) Cross(flow, path, router, sent + 20_000, header);
        }

        return this;
    }

    public Results.RunResult Analyze(AnalysisContext context)
    {
        var directory = Directory.CreateTempSubdirectory("failoverlab-analysis");
        try
        {
            var inputs = Captures.WriteTo(directory.FullName).Select(f => new CaptureInput(f.File, Path.GetFileName(f.File))).ToList();
            return CaptureAnalyzer.Analyze(inputs, context, CancellationToken.None);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private void Cross(FlowContext flow, int path, int router, long entry, ProbeHeader header)
    {
        var up = flow.SentPoint == "traffic.lan";
        var tunnel = new TunnelHeader(1, 0, (uint)(100 + path), (uint)header.Sequence, 0);
        var frame = FrameBuilder.TunneledProbe(header, tunnel, source: up ? "203.0.113.2" : "203.0.113.66");
        Captures.Add(up ? Paths[path].SitePoint : Paths[path].FarPoint!, entry, frame);
        if (!Survives(flow.Id, path, entry - T0)) return;
        var exit = entry + DelayNs[path] + ExtraDelay(path, entry - T0);
        Captures.Add(up ? Paths[path].FarPoint! : Paths[path].SitePoint, exit, frame);
        if (up) Captures.Add(Routers[router].Point, exit + 10_000, frame);
        Captures.Add(flow.ReceivedPoint!, exit + 20_000, FrameBuilder.Probe(header));
    }
}

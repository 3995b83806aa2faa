using System.Net;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>
/// The gauge's own small lab. The sender chooses the path by the address it sends to; a gate at each path's entry lets packets in or not.
/// <code>
/// sender ── site ─┬─ gauge-a (10 ms) ─┬─ far ── receiver
///                 └─ gauge-b (13 ms) ─┘
/// </code>
/// </summary>
public static class GaugeTopology
{
    /// <summary>Flow number of the probe flow.</summary>
    public const uint FlowId = 1;

    /// <summary>Its name in the record.</summary>
    public const string FlowName = "sender>receiver";

    /// <summary>Capture point at the sender.</summary>
    public const string SentPoint = "sender.out";

    /// <summary>Capture point at the receiver.</summary>
    public const string ReceivedPoint = "receiver.in";

    internal const string Sender = "sender";
    internal const string Receiver = "receiver";
    internal const int Port = 40_000;
    private const string Site = "site";
    private const string Far = "far";

    /// <summary>The two paths; traffic begins on the first. Their delays differ, because those of real paths do.</summary>
    public static IReadOnlyList<GaugePath> Paths { get; } =
    [
        new("a", "site.a", "far.a", TimeSpan.FromMilliseconds(10)),
        new("b", "site.b", "far.b", TimeSpan.FromMilliseconds(13)),
    ];

    /// <summary>Where the sender sends to, by path.</summary>
    internal static IReadOnlyList<IPAddress> Targets { get; } = [IPAddress.Parse("198.51.100.10"), IPAddress.Parse("198.51.100.11")];

    /// <summary>Every capture point: both ends, and both sides of both paths.</summary>
    internal static IReadOnlyList<CableEnd> Points { get; } =
        [new(Sender, "out"), new(Site, "a"), new(Site, "b"), new(Far, "a"), new(Far, "b"), new(Receiver, "in")];

    /// <summary>The nodes and cables.</summary>
    internal static TopologyPlan Plan { get; } = new()
    {
        File = "",
        Nodes =
        [
            Node(Sender, forwards: false, [new InterfacePlan("out", ["192.0.2.1/30"], [])], [new RoutePlan("default", "192.0.2.2", null, 0)]),
            Node(
                Site, forwards: true,
                [new InterfacePlan("in", ["192.0.2.2/30"], []), new InterfacePlan("a", ["203.0.113.1/30"], []), new InterfacePlan("b", ["203.0.113.5/30"], [])],
                [new RoutePlan($"{Targets[0]}/32", "203.0.113.2", null, 0), new RoutePlan($"{Targets[1]}/32", "203.0.113.6", null, 0)]),
            Node(Wanulator(0), forwards: false, [], []),
            Node(Wanulator(1), forwards: false, [], []),
            Node(
                Far, forwards: true,
                [new InterfacePlan("a", ["203.0.113.2/30"], []), new InterfacePlan("b", ["203.0.113.6/30"], []), new InterfacePlan("out", ["198.51.100.1/28"], [])],
                []),
            Node(Receiver, forwards: false, [new InterfacePlan("in", [.. Targets.Select(t => $"{t}/28")], [])], []),
        ],
        Cables =
        [
            new CablePlan(new CableEnd(Sender, "out"), new CableEnd(Site, "in")),
            new CablePlan(new CableEnd(Far, "out"), new CableEnd(Receiver, "in")),
        ],
        WanLinks = [.. Paths.Select((p, i) => Link(p, Wanulator(i)))],
    };

    private static string Wanulator(int path) => $"gauge-{Paths[path].Name}";

    private static NodePlan Node(string name, bool forwards, IReadOnlyList<InterfacePlan> interfaces, IReadOnlyList<RoutePlan> routes) =>
        new() { Name = name, Role = "gauge", Forwards = forwards, Interfaces = interfaces, Routes = routes };

    private static WanLinkPlan Link(GaugePath path, string wanulator) => new()
    {
        Name = path.Name,
        Path = path.Name,
        Wanulator = wanulator,
        VmId = 0,
        Site = new CableEnd(Site, path.Name),
        Far = new CableEnd(Far, path.Name),
        Profile = new LinkChange { Delay = path.Delay },
    };
}

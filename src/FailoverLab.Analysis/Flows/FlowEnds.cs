namespace FailoverLab.Analysis;

/// <summary>
/// The ends of a flow. Where the plan names a point without a capture, all captures on the same host stand for it; where nobody says
/// anything, packets tell: they are seen first at their sender and last at their receiver.
/// </summary>
/// <param name="Context">The flow, with points and hosts filled in as far as they were found.</param>
/// <param name="HasSender">Whether there is a capture at the sender that is not also the receiver's.</param>
/// <param name="HasReceiver">Whether there is a capture at the receiver; without one nothing can be said to be lost.</param>
internal sealed record FlowEnds(FlowContext Context, bool HasSender, bool HasReceiver)
{
    private readonly End _sender;
    private readonly End _receiver;

    private FlowEnds(FlowContext context, End sender, End receiver)
        : this(context, sender.IsKnown, receiver.IsKnown) => (_sender, _receiver) = (sender, receiver);

    /// <summary>A flow whose two ends are known points.</summary>
    public static FlowEnds Of(FlowContext context, string sender, string receiver) => new(context, new End(sender, null), new End(receiver, null));

    /// <summary>Whether both ends were told by the plan or by addresses, so that no clock had a say in it.</summary>
    public bool AreGiven { get; private init; }

    /// <summary>Whether what a point sees of the flow is what was sent.</summary>
    public bool IsSender(string point) => _sender.Holds(point);

    /// <summary>Whether what a point sees of the flow is what arrived.</summary>
    public bool IsReceiver(string point) => _receiver.Holds(point);

    /// <summary>Whether packets must be looked at to find an end.</summary>
    public static bool IsOpen(FlowContext known) => known is { SentPoint: null, From: null } || known is { ReceivedPoint: null, To: null };

    /// <summary>Finds the ends of a flow.</summary>
    /// <param name="known">What the plan says.</param>
    /// <param name="first">Sightings of the flow's first packets at all points; needed only where <see cref="IsOpen"/>.</param>
    /// <param name="context">What all flows share.</param>
    public static FlowEnds Find(FlowContext known, ReadOnlySpan<Sighting> first, LaneContext context)
    {
        var (names, captured) = (context.Names, context.Captured);
        var sender = End.Of(known.SentPoint, known.From, captured);
        var receiver = End.Of(known.ReceivedPoint, known.To, captured);
        if (!IsOpen(known)) return new FlowEnds(WithHosts(known), sender, receiver) { AreGiven = true };

        var seen = new Dictionary<int, Witness>();
        foreach (ref readonly var sighting in first)
        {
            if (!seen.TryGetValue(sighting.Point, out var witness)) seen.Add(sighting.Point, witness = new Witness(sighting.Point, names[sighting.Point]));
            witness.Count++;
        }

        var candidates = seen.Values.Where(w => w.Name != known.SentPoint && w.Name != known.ReceivedPoint && !IsOnHost(w.Name, known.From) && !IsOnHost(w.Name, known.To)).OrderBy(w => w.Name, StringComparer.Ordinal).ToList();
        var vote = NamedEnds.Narrow(first, candidates.ConvertAll(c => (c.Point, c.Name, c.Count)), context);
        if (known is { ReceivedPoint: null, To: null })
        {
            // Where no packet was seen twice, each point saw a part of what arrived.
            var name = vote.Last < 0 ? null : names[vote.Last];
            known = known with { ReceivedPoint = name, To = HostOf(name) };
            receiver = name is null && vote.IsApart ? new End(null, null, candidates.Select(c => c.Name).ToHashSet(StringComparer.Ordinal)) : new End(name, null);
        }

        if (known is { SentPoint: null, From: null } && vote.First >= 0 && names[vote.First] != known.ReceivedPoint)
        {
            known = known with { SentPoint = names[vote.First], From = HostOf(names[vote.First]) };
            sender = new End(known.SentPoint, null);
        }

        // One point alone tells what arrived there, not where it was sent to.
        if (known.SentPoint is null) known = known with { To = seen.Count == 1 ? null : known.To };
        return new FlowEnds(WithHosts(known), sender, receiver);
    }

    private static FlowContext WithHosts(FlowContext known) =>
        known with { From = known.From ?? HostOf(known.SentPoint), To = known.To ?? (known.SentPoint is null ? null : HostOf(known.ReceivedPoint)) };

    /// <summary>Whether a point is an interface of a host, whose name may hold dots as the interface's may.</summary>
    private static bool IsOnHost(string point, string? host) =>
        host is not null && point.Length > host.Length && point[host.Length] == '.' && point.StartsWith(host, StringComparison.Ordinal);

    /// <summary>What to call the host of a point: its node, else the point itself.</summary>
    private static string? HostOf(string? point) => Node(point) ?? point;

    /// <summary>The node of a point named <c>node.interface</c>.</summary>
    private static string? Node(string? point) => point?.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? point[..dot] : null;

    /// <summary>A point that saw some of the packets.</summary>
    private sealed class Witness(int point, string name)
    {
        public int Point => point;

        public string Name => name;

        public int Count { get; set; }
    }

    /// <summary>One point, all points of a host, or some points.</summary>
    private readonly record struct End(string? Point, string? Host, IReadOnlySet<string>? Points = null)
    {
        public bool IsKnown => Point is not null || Host is not null || Points is not null;

        /// <summary>A point without a capture is stood in for by its host; a host without any captures is unknown.</summary>
        public static End Of(string? point, string? host, IReadOnlySet<string> captured)
        {
            if (point is not null && captured.Contains(point)) return new End(point, null);
            var node = host ?? Node(point);
            return node is not null && captured.Any(p => IsOnHost(p, node)) ? new End(null, node) : default;
        }

        public bool Holds(string point) => point == Point || IsOnHost(point, Host) || Points?.Contains(point) == true;
    }
}

namespace FailoverLab.Analysis;

/// <summary>Finds a flow's ends where the user said which points send and which receive. A point named for both tells nothing by that.</summary>
internal static class NamedEnds
{
    // Of each flow, so many packets at the beginning of a capture tell which point is earlier.
    private const int PacketsLookedAt = 256;

    /// <summary>The ends of a flow.</summary>
    /// <param name="sightings">The flow's first packets at all points.</param>
    /// <param name="candidates">Points that may be its ends, with their names and packets, in order of the names.</param>
    /// <param name="context">What all flows share.</param>
    public static EndVote Narrow(ReadOnlySpan<Sighting> sightings, List<(int Point, string Name, int Count)> candidates, LaneContext context)
    {
        var plan = context.Plan;
        if (plan is { SendingPoints: null, ReceivingPoints: null }) return Vote(sightings, candidates);
        var sending = candidates.FindAll(c => Sends(plan, c.Name));
        var receiving = candidates.FindAll(c => Receives(plan, c.Name));
        if (plan is { SendingPoints: not null, ReceivingPoints: not null })
        {
            var both = candidates.FindAll(c => plan.SendingPoints.Contains(c.Name) || plan.ReceivingPoints.Contains(c.Name));
            var vote = Vote(sightings, both);
            if (sending.Count == 0 || receiving.Count == 0 || vote.IsApart) return vote;

            // Stamps against the names: the flow goes the other way, or the clocks differ by more than it takes. Where others go as named, it is the former.
            var isReversed = context.SomeGoAsNamed && receiving.Exists(c => c.Point == vote.First) && sending.Exists(c => c.Point == vote.Last);
            if (isReversed) (sending, receiving) = (receiving, sending);
        }
        else if (sending.Count > 0 && candidates.Count > sending.Count)
        {
            receiving = candidates.FindAll(c => !sending.Contains(c));
        }
        else if (receiving.Count > 0 && candidates.Count > receiving.Count)
        {
            sending = candidates.FindAll(c => !receiving.Contains(c));
        }
        else
        {
            return Vote(sightings, candidates);
        }

        return new EndVote(First(sightings, sending), Last(sightings, receiving), false);
    }

    /// <summary>Whether any flow was seen at a point that sends before one that receives.</summary>
    /// <param name="seen">The first packets of each flow at each stream.</param>
    /// <param name="names">Names of the points.</param>
    /// <param name="plan">What the user said.</param>
    public static bool SomeGo(IEnumerable<(FlowKey Key, Sighting[] First)> seen, PointNames names, AnalysisContext plan)
    {
        if (plan is not { SendingPoints: not null, ReceivingPoints: not null }) return false;
        foreach (var flow in seen.Where(f => f.Key.Kind is FlowKeyKind.Probe or FlowKeyKind.Udp).GroupBy(f => f.Key, f => f.First))
        {
            var sent = Stamps(flow, s => Sends(plan, names[s.Point]));
            var received = Stamps(flow, s => Receives(plan, names[s.Point]));
            var shared = sent.Where(s => received.ContainsKey(s.Key)).ToList();
            if (2 * shared.Count(s => received[s.Key] > s.Value) > shared.Count) return true;
        }

        return false;
    }

    /// <summary>The first packets of a flow in a batch.</summary>
    public static Sighting[] Head(ReadOnlySpan<Sighting> sightings) => sightings[..Math.Min(sightings.Length, PacketsLookedAt)].ToArray();

    private static Dictionary<ulong, long> Stamps(IEnumerable<Sighting[]> parts, Func<Sighting, bool> isWanted)
    {
        var stamps = new Dictionary<ulong, long>();
        foreach (var sighting in parts.SelectMany(p => p).Where(isWanted)) stamps.TryAdd(sighting.A, sighting.StampNs);
        return stamps;
    }

    private static bool Sends(AnalysisContext plan, string name) => plan.SendingPoints?.Contains(name) == true && plan.ReceivingPoints?.Contains(name) != true;

    private static bool Receives(AnalysisContext plan, string name) => plan.ReceivingPoints?.Contains(name) == true && plan.SendingPoints?.Contains(name) != true;

    /// <summary>Of several points the one that sees the flow first; where they see it one after another, the busiest.</summary>
    private static int First(ReadOnlySpan<Sighting> sightings, List<(int Point, string Name, int Count)> points) =>
        Vote(sightings, points) is { First: >= 0 and var first } ? first : points.MaxBy(p => p.Count).Point;

    private static int Last(ReadOnlySpan<Sighting> sightings, List<(int Point, string Name, int Count)> points) =>
        Vote(sightings, points) is { Last: >= 0 and var last } ? last : points.MaxBy(p => p.Count).Point;

    private static EndVote Vote(ReadOnlySpan<Sighting> sightings, List<(int Point, string Name, int Count)> points) =>
        EndVote.Of(sightings, points.ConvertAll(p => p.Point), points.ConvertAll(p => p.Count));
}

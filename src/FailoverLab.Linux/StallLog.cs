namespace FailoverLab.Linux;

/// <summary>Gathers what several watching threads saw. Stalls of several processors at one time are one stall. Pure.</summary>
public static class StallLog
{
    /// <summary>The stalls in order of time, those of one kind that overlap joined to one from the first's begin to the last's end.</summary>
    public static IReadOnlyList<Stall> Join(IEnumerable<Stall> seen) =>
        [.. seen.GroupBy(s => s.IsUrgent).SelectMany(g => JoinAlike(g.OrderBy(s => s.AtNs))).OrderBy(s => s.AtNs)];

    private static List<Stall> JoinAlike(IEnumerable<Stall> ordered)
    {
        var joined = new List<Stall>();
        foreach (var stall in ordered)
        {
            if (joined.Count > 0 && joined[^1] is var last && stall.AtNs <= last.AtNs + last.DurationNs)
            {
                joined[^1] = last with { DurationNs = Math.Max(last.DurationNs, stall.AtNs + stall.DurationNs - last.AtNs) };
            }
            else
            {
                joined.Add(stall);
            }
        }

        return joined;
    }
}

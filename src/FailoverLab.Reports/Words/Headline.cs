using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>The answer of a run in one sentence: pass or not, for how long traffic was down, on which path it went on.</summary>
/// <param name="Verdict">The run's verdict; <see langword="null"/> when there is no result.</param>
/// <param name="Word">The verdict in capitals: <c>PASS</c>, <c>FAIL</c>, <c>INCONCLUSIVE</c>, <c>INCOMPLETE</c>, <c>NO RESULT</c>, or <c>ANALYSIS</c> without expectations.</param>
/// <param name="Lead">Words before the figure.</param>
/// <param name="Figure">The longest outage, <c>61.3 ms</c>; empty when there is none.</param>
/// <param name="Interval">Its interval, <c>[60.3, 62.4]</c>; empty when there is none.</param>
/// <param name="Tail">Words after it: which path.</param>
public sealed record Headline(Verdict? Verdict, string Word, string Lead, string Figure, string Interval, string Tail)
{
    /// <summary>The sentence without the verdict.</summary>
    public string Sentence => Lead + Figure + (Interval.Length > 0 ? " " + Interval : string.Empty) + Tail;

    /// <summary>The whole line: <c>PASS: traffic was down at most 61.3 ms [60.3, 62.4]; it moved from a to b and back.</c></summary>
    public override string ToString() => $"{Word}: {char.ToLowerInvariant(Sentence[0])}{Sentence[1..]}";

    /// <summary>The headline of a result; <see langword="null"/> stands for a run without one.</summary>
    public static Headline Of(RunResult? result)
    {
        if (result is null)
        {
            return new Headline(null, "NO RESULT", "The run left no result; what follows is read from its events.", "", "", "");
        }

        var word = result.Verdict is { } verdict ? verdict.ToString().ToUpperInvariant() : "ANALYSIS";
        var moves = Moves(result);
        if (result.Flows.Count == 0)
        {
            return new Headline(result.Verdict, word, "No traffic was seen, so nothing can be said about outages", "", "", moves + ".");
        }

        if (Worst(result) is not { } worst)
        {
            return new Headline(result.Verdict, word, "Traffic was never down" + Lost(result), "", "", moves + ".");
        }

        return worst.Recovered
            ? new Headline(
                result.Verdict, word, "Traffic was down at most ", TimeWords.Duration(worst.DurationNs),
                TimeWords.Interval(worst.DurationNs, worst.LowNs, worst.HighNs), moves + ".")
            : new Headline(
                result.Verdict, word, "Traffic went down and had not come back after ", TimeWords.Duration(worst.DurationNs),
                "", $" ({worst.Flow}){moves}.");
    }

    /// <summary>The outage the headline speaks of: the longest, one that never ended before all others; <see langword="null"/> without outages.</summary>
    public static Outage? Worst(RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Outages.OrderBy(o => o.Recovered).ThenByDescending(o => o.DurationNs).FirstOrDefault();
    }

    /// <summary>Losses without an outage: a brownout must not read as if nothing had happened.</summary>
    private static string Lost(RunResult result)
    {
        var lost = result.Flows.Sum(f => f.Lost ?? 0);
        return lost == 0 ? string.Empty : $" but {TimeWords.Count(lost)} packets were lost";
    }

    /// <summary>Moves between routing servers, which leave the path's name as it was.</summary>
    private static string Routers(IReadOnlyList<Failover> failovers)
    {
        var moves = failovers.Where(f => f.FromRouter is not null && f.ToRouter is not null && f.FromRouter != f.ToRouter).ToList();
        return moves.Count == 0 ? string.Empty : $", going over from {string.Join(", then ", moves.Select(m => $"{m.FromRouter} to {m.ToRouter}"))}";
    }

    private static string Moves(RunResult result)
    {
        if (result.Failovers.Count > 0)
        {
            return "; it " + PathStory.Tell(PathStory.Chain(result.Failovers), result.Failovers.Count) + Routers(result.Failovers);
        }

        var carriers = result.Paths.Where(p => p.Packets > 0).ToList();
        return carriers.Count == 1 ? $"; it stayed on {carriers[0].Name}" : string.Empty;
    }
}

using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>The working paths of a run in order of time, and how to say them.</summary>
internal static class PathStory
{
    /// <summary>More moves than this are counted instead of told.</summary>
    private const int LongestTale = 5;

    /// <summary>Working paths in order, neighbours different; <see langword="null"/> where no path took over.</summary>
    public static IReadOnlyList<string?> Chain(IReadOnlyList<Failover> failovers)
    {
        var chain = new List<string?>();
        foreach (var failover in failovers)
        {
            Step(chain, failover.FromPath);
            Step(chain, failover.ToPath);
        }

        return chain;
    }

    /// <summary>The chain as a predicate: <c>moved from a to b and back</c>.</summary>
    /// <param name="chain">Working paths in order.</param>
    /// <param name="moves">Moves seen; fewer than the chain tells when one began where the one before had not ended.</param>
    public static string Tell(IReadOnlyList<string?> chain, int moves)
    {
        if (chain.Count < 2)
        {
            return $"stayed on {(chain.Count == 1 ? chain[0] : null) ?? "no path"}";
        }

        if (chain.Count == 2)
        {
            return chain[1] is null ? $"left {chain[0]} and no path took over" : $"moved from {chain[0]} to {chain[1]}";
        }

        if (chain.Count == 3 && chain[2] == chain[0] && chain[1] is not null)
        {
            return $"moved from {chain[0]} to {chain[1]} and back";
        }

        return chain.Count - 1 > LongestTale || chain.Distinct().Count() == 2 ? Count(chain, moves) : List(chain);
    }

    private static void Step(List<string?> chain, string? path)
    {
        if (chain.Count == 0 || chain[^1] != path)
        {
            chain.Add(path);
        }
    }

    private static string List(IReadOnlyList<string?> chain)
    {
        var story = $"moved from {chain[0]}";
        for (var i = 1; i < chain.Count; i++)
        {
            var joint = i == 1 ? " to " : i == chain.Count - 1 ? " and then " : ", then ";
            var back = i > 1 && chain[i] is not null && chain.Take(i).Contains(chain[i]) ? "back to " : string.Empty;
            story += joint + back + (chain[i] ?? "no path");
        }

        return story;
    }

    private static string Count(IReadOnlyList<string?> chain, int moves)
    {
        var names = chain.Where(p => p is not null).Distinct().ToList();
        var among = names.Count == 1 ? names[0] : string.Join(", ", names.Take(names.Count - 1)) + " and " + names[^1];
        return $"moved {moves} times between {among}, and was on {chain[^1] ?? "no path"} at the end";
    }
}

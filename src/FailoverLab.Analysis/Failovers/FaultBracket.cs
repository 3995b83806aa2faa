namespace FailoverLab.Analysis;

/// <summary>
/// The instant of a total fault from packets on both sides of the link: it lies after the entry of the last packet that came out
/// and not after the entry of the next, which never did. A packet that comes out late came out. Partial loss and delay leave no
/// such instant.
/// </summary>
internal static class FaultBracket
{
    private const int LeastLost = 3;

    /// <summary>The interval of the fault, ns since the Unix epoch; absent where the path was not dead when it was left.</summary>
    public static (long LowNs, long HighNs)? Find(MoveGroup group, IReadOnlyList<FlowPaths> flows)
    {
        (long LowNs, long HighNs)? result = null;
        foreach (var move in group.Moves)
        {
            if (group.FromPath < 0 || Find(flows[move.Flow], move, group.FromPath) is not { } own) continue;
            result = result is { } so ? Join(so, own) : own;
        }

        return result;
    }

    /// <summary>Directions cut at one instant narrow it down together; otherwise the direction cut first caused the move.</summary>
    private static (long LowNs, long HighNs) Join((long LowNs, long HighNs) one, (long LowNs, long HighNs) other)
    {
        var (low, high) = (Math.Max(one.LowNs, other.LowNs), Math.Min(one.HighNs, other.HighNs));
        if (low < high) return (low, high);
        return one.HighNs <= other.HighNs ? one : other;
    }

    private static (long LowNs, long HighNs)? Find(FlowPaths paths, PathMove move, int path)
    {
        if (paths.Transit(path) is not { BothEnds: true } transit) return null;
        var end = move.To?.First ?? paths.Flow.Count;
        var (lost, firstLostNs) = (0, FlowTable.Missing);
        for (var row = end - 1; row >= move.From.First; row--)
        {
            if (transit.ExitNs[row] != FlowTable.Missing)
            {
                if (lost < LeastLost) return null;
                var entry = transit.EntryNs[row] == FlowTable.Missing ? transit.ExitNs[row] : transit.EntryNs[row];
                return entry < firstLostNs ? (entry, firstLostNs) : null;
            }

            if (!paths.Flow.IsLost(row)) continue;
            lost++;

            // A packet that did not even get into the link (its interface was down) counts by its sending.
            firstLostNs = transit.EntryNs[row] != FlowTable.Missing ? transit.EntryNs[row] : paths.Flow.SendNs[row];
        }

        return null;
    }
}

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
    public static (long LowNs, long HighNs)? Find(MoveGroup group)
    {
        (long LowNs, long HighNs)? result = null;
        foreach (var move in group.Moves)
        {
            if (move.Edge is not { } edge || Find(edge) is not { } own) continue;
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

    private static (long LowNs, long HighNs)? Find(LinkEdge edge) =>
        edge.Lost >= LeastLost && edge.LastThroughNs < edge.FirstLostNs ? (edge.LastThroughNs, edge.FirstLostNs) : null;
}

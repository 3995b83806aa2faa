namespace FailoverLab.Analysis;

/// <summary>When a path that was left began to lose packets, where neither a step nor a total fault tells: a brownout in captures nobody planned.</summary>
internal static class LossOnset
{
    private const int Stretch = 50;

    /// <summary>Send time of the first packet lost since the loss rose to what it was when the path was left, ns since the Unix epoch; absent where the path was healthy.</summary>
    /// <param name="group">The move.</param>
    /// <param name="flows">The flows.</param>
    public static long? Find(MoveGroup group, IReadOnlyList<FlowResult> flows) => group.Moves.Select(m => Find(m, flows[m.Flow].Sinks.Losses)).Min();

    private static long? Find(PathMove move, LossIndex losses)
    {
        if (!FaultFinder.IsLosing(move)) return null;
        var row = move.FirstRow;
        while (row - Stretch >= move.From.First && losses.LostBeforeRow(row) - losses.LostBeforeRow(row - Stretch) >= FaultFinder.FaultyLossRatio * Stretch) row -= Stretch;
        return losses.FirstFrom(Math.Max(move.From.First, Math.Min(row, move.FirstRow - move.Recent.Packets)));
    }
}

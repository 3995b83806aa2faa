namespace FailoverLab.Analysis;

/// <summary>The same move as made by several flows, at most one move of each.</summary>
internal sealed class MoveGroup
{
    /// <summary>Moves this far apart may still be one: the reverse direction follows when the far end is told.</summary>
    private const long WindowNs = 5_000_000_000;

    private readonly List<PathMove> _moves = [];

    private MoveGroup(PathMove first) => _moves.Add(first);

    /// <summary>The moves, in order of time.</summary>
    public IReadOnlyList<PathMove> Moves => _moves;

    /// <summary>When the first flow moved.</summary>
    public long AtNs => _moves[0].AtNs;

    /// <summary>Index of the path before; -1 = unknown.</summary>
    public int FromPath => _moves[0].From.Path;

    /// <summary>Index of the path after; -1 = unknown or none.</summary>
    public int ToPath => _moves[0].To?.Path ?? -1;

    /// <summary>Index of the routing server before; -1 = unknown.</summary>
    public int FromRouter => _moves.Select(m => m.From.Router).FirstOrDefault(r => r >= 0, -1);

    /// <summary>Index of the routing server after; -1 = unknown.</summary>
    public int ToRouter => _moves.Select(m => m.To?.Router ?? -1).FirstOrDefault(r => r >= 0, -1);

    /// <summary>Groups the moves of all flows, in order of time.</summary>
    public static List<MoveGroup> Group(IEnumerable<PathMove> moves)
    {
        var groups = new List<MoveGroup>();
        foreach (var move in moves.OrderBy(m => m.AtNs).ThenBy(m => m.Flow))
        {
            var group = groups.Find(g => g.Takes(move));
            if (group is null) groups.Add(new MoveGroup(move));
            else group._moves.Add(move);
        }

        return groups;
    }

    /// <summary>Whether it leaves a path, and the router where both are known.</summary>
    public bool Leaves(int path, int router) => FromPath == path && Agree(FromRouter, router);

    private bool Takes(PathMove move) =>
        move.AtNs - AtNs <= WindowNs
        && move.From.Path == FromPath
        && (move.To?.Path ?? -1) == ToPath
        && move.To is null == _moves[0].To is null
        && Agree(move.From.Router, FromRouter)
        && Agree(move.To?.Router ?? -1, ToRouter)
        && _moves.TrueForAll(m => m.Flow != move.Flow);

    private static bool Agree(int one, int other) => one < 0 || other < 0 || one == other;
}

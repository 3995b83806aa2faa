namespace FailoverLab.Analysis;

/// <summary>A stretch of a flow during which one path, through one routing server, was the working path.</summary>
/// <param name="path">Index of the path; -1 = unknown.</param>
/// <param name="router">Index of the routing server; -1 = unknown.</param>
/// <param name="first">First row sent on it.</param>
internal sealed class WorkingPath(int path, int router, int first)
{
    /// <summary>So many packets in a row must go another way before the working path counts as moved; fewer are stray copies.</summary>
    public const int PacketsToMove = 3;

    /// <summary>Index of the path; -1 = unknown.</summary>
    public int Path { get; private set; } = path;

    /// <summary>Index of the routing server; -1 = unknown.</summary>
    public int Router { get; private set; } = router;

    /// <summary>First row sent on it.</summary>
    public int First { get; } = first;

    /// <summary>Last row before the move away from it.</summary>
    public int Last { get; private set; }

    /// <summary>
    /// The working path of a flow over its life. A packet copied onto several paths, the working one among them, is no move; so
    /// duplication at a switch, or reordering after it, does not make the path flap.
    /// </summary>
    public static List<WorkingPath> Trace(FlowPaths paths)
    {
        var trace = new List<WorkingPath>();
        WorkingPath? now = null;
        var (strays, firstStray) = (0, -1);
        for (var row = 0; row < paths.Flow.Count; row++)
        {
            var (mask, router) = (paths.Mask(row), paths.Router(row));
            if (mask == 0 && router < 0) continue;
            if (now is null)
            {
                trace.Add(now = new WorkingPath(paths.Entered[row], router, row));
            }
            else if (now.Fits(mask, router))
            {
                now.Learn(paths.Entered[row], router);
                strays = 0;
            }
            else if (++strays == 1)
            {
                firstStray = row;
            }

            now.Last = row;
            if (strays < PacketsToMove) continue;
            now.Last = firstStray - 1;
            var moved = mask != 0 && now.Path >= 0 && (mask & (1UL << now.Path)) == 0;
            now = new WorkingPath(moved ? paths.Carrier(row) : now.Path, router, firstStray) { Last = row };
            trace.Add(now);
            strays = 0;
        }

        return trace;
    }

    private bool Fits(ulong mask, int router) =>
        (mask == 0 || Path < 0 || (mask & (1UL << Path)) != 0) && (router < 0 || Router < 0 || router == Router);

    private void Learn(int path, int router)
    {
        if (Path < 0) Path = path;
        if (Router < 0) Router = router;
    }
}

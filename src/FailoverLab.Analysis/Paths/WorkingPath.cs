namespace FailoverLab.Analysis;

/// <summary>A stretch of a flow during which one path, through one routing server, was the working path.</summary>
/// <param name="path">Index of the path; -1 = unknown.</param>
/// <param name="router">Index of the routing server; -1 = unknown.</param>
/// <param name="first">First row sent on it.</param>
/// <param name="entryNs">When that packet went in.</param>
internal sealed class WorkingPath(int path, int router, long first, long entryNs)
{
    /// <summary>So many packets in a row must go another way before the working path counts as moved; fewer are stray copies.</summary>
    public const int PacketsToMove = 3;

    /// <summary>Index of the path; -1 = unknown.</summary>
    public int Path { get; private set; } = path;

    /// <summary>Index of the routing server; -1 = unknown.</summary>
    public int Router { get; private set; } = router;

    /// <summary>First row sent on it.</summary>
    public long First { get; } = first;

    /// <summary>When the first packet went into the path, ns since the Unix epoch.</summary>
    public long EntryNs { get; } = entryNs;

    /// <summary>Whether a packet seen on some paths (one bit each) and at a router went the working way.</summary>
    public bool Fits(ulong mask, int router) =>
        (mask == 0 || Path < 0 || (mask & (1UL << Path)) != 0) && (router < 0 || Router < 0 || router == Router);

    /// <summary>Fills in what was unknown.</summary>
    public void Learn(int path, int router)
    {
        if (Path < 0) Path = path;
        if (Router < 0) Router = router;
    }
}

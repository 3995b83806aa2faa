namespace FailoverLab.Analysis;

/// <summary>Counts the stamps of packets that follow one another.</summary>
internal ref struct StampRun(StampTally tally)
{
    /// <summary>The latest stamp where there is none yet.</summary>
    public const long None = long.MaxValue;

    /// <summary>The stamp counted last, ns since the Unix epoch.</summary>
    public long LastNs { get; set; } = tally.LastInFileNs;

    /// <summary>The latest; <see cref="None"/> before the first. Whoever counts later ones sets it and <see cref="LastNs"/> together.</summary>
    public long LatestNs { get; set; } = tally.Packets == 0 ? None : tally.LatestNs;

    /// <summary>Counts a packet.</summary>
    public void Count(long stampNs)
    {
        if (stampNs >= LatestNs) LatestNs = stampNs;
        else LatestNs = tally.NoteOdd(stampNs, LastNs, LatestNs);
        LastNs = stampNs;
    }

    /// <summary>Puts down what was counted.</summary>
    public readonly void Finish(int packets) => tally.Count(packets, LastNs, LatestNs);
}

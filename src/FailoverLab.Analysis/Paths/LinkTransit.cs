namespace FailoverLab.Analysis;

/// <summary>One flow's way across one link: when each row's packet went in and came out.</summary>
internal sealed class LinkTransit
{
    /// <summary>Index of the path.</summary>
    public required int Path { get; init; }

    /// <summary>Whether packets go in at the site's end.</summary>
    public required bool FromSite { get; init; }

    /// <summary>Whether both ends were captured; only then does a missing exit mean loss.</summary>
    public required bool BothEnds { get; init; }

    /// <summary>Entry of each row's first copy, ns since the Unix epoch; <see cref="FlowTable.Missing"/> where none went in.</summary>
    public required long[] EntryNs { get; init; }

    /// <summary>Exit of each row's first copy; <see cref="FlowTable.Missing"/> where none came out.</summary>
    public required long[] ExitNs { get; init; }

    /// <summary>Whether a row's packet was on this link at all.</summary>
    public bool Carried(int row) => EntryNs[row] != FlowTable.Missing || ExitNs[row] != FlowTable.Missing;

    /// <summary>Joins the sightings at both ends; absent where the flow never met this link.</summary>
    public static LinkTransit? Build(int path, FlowTable flow, SightingColumn? site, SightingColumn? far, bool bothEnds)
    {
        if (site is null && far is null) return null;
        var atSite = FirstCopies(flow, site);
        var atFar = FirstCopies(flow, far);
        var (siteFirst, farFirst) = (0, 0);
        for (var row = 0; row < flow.Count; row++)
        {
            if (atSite[row] == FlowTable.Missing || atFar[row] == FlowTable.Missing) continue;
            if (atSite[row] <= atFar[row]) siteFirst++;
            else farFirst++;
        }

        var fromSite = siteFirst + farFirst > 0
            ? siteFirst >= farFirst
            : far is null || (site is not null && site.StampNs[0] <= far.StampNs[0]);
        return new LinkTransit
        {
            Path = path,
            FromSite = fromSite,
            BothEnds = bothEnds,
            EntryNs = fromSite ? atSite : atFar,
            ExitNs = fromSite ? atFar : atSite,
        };
    }

    private static long[] FirstCopies(FlowTable flow, SightingColumn? column)
    {
        var stamps = new long[flow.Count];
        Array.Fill(stamps, FlowTable.Missing);
        for (var i = 0; i < (column?.Count ?? 0); i++)
        {
            var row = flow.RowOf(column!.Sequence[i]);
            if (row >= 0 && (stamps[row] == FlowTable.Missing || column.StampNs[i] < stamps[row])) stamps[row] = column.StampNs[i];
        }

        return stamps;
    }
}

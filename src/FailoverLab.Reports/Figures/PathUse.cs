namespace FailoverLab.Reports;

/// <summary>When a path carried anything.</summary>
internal static class PathUse
{
    /// <summary>Stretches in seconds after the origin in which any flow was carried by <paramref name="path"/>, in order.</summary>
    public static IEnumerable<(double From, double To)> Stretches(IReadOnlyList<BinnedSeries> flows, int path, long originNs)
    {
        var bins = flows
            .SelectMany(f => Enumerable.Range(0, f.Count).Where(i => f.Path(i) == path).Select(i => (From: f.Start(i, originNs), To: f.Start(i, originNs) + f.BinSeconds)))
            .OrderBy(b => b.From);
        (double From, double To)? open = null;
        foreach (var bin in bins)
        {
            if (open is { } o && bin.From <= o.To + 1e-6)
            {
                open = (o.From, Math.Max(o.To, bin.To));
                continue;
            }

            if (open is { } done)
            {
                yield return done;
            }

            open = bin;
        }

        if (open is { } last)
        {
            yield return last;
        }
    }
}

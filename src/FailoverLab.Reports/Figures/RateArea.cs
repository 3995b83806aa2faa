namespace FailoverLab.Reports;

/// <summary>The area under a flow's received rate, cut where the path changes.</summary>
internal static class RateArea
{
    /// <summary>One closed shape per stretch on one path; path -1 where unknown.</summary>
    public static IEnumerable<(int Path, PathData Data)> Of(BinnedSeries series, long originNs, LinearScale x, LinearScale y)
    {
        var bin = 0;
        while (bin < series.Count)
        {
            var start = bin;
            var path = series.Path(bin);
            while (bin < series.Count && (series.Path(bin) == path || series.Path(bin) < 0))
            {
                bin++;
            }

            var data = Shape(series, start, bin, originNs, x, y);
            if (!data.IsEmpty)
            {
                yield return (path, data);
            }
        }
    }

    private static PathData Shape(BinnedSeries series, int from, int to, long originNs, LinearScale x, LinearScale y)
    {
        var data = new PathData();
        if (Enumerable.Range(from, to - from).All(i => series.Received(i) == 0))
        {
            return data;
        }

        var level = 0;
        data.Move(x.Map(series.Start(from, originNs)), y.Map(0));
        for (var i = from; i < to; i++)
        {
            var value = series.Received(i);
            if (value == level)
            {
                continue;
            }

            data.Across(x.Map(series.Start(i, originNs))).Upright(y.Clamp(value));
            level = value;
        }

        return data.Across(x.Map(series.Start(to, originNs))).Upright(y.Map(0)).Close();
    }
}

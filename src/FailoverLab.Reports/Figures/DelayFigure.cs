using System.Globalization;
using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>One-way delay of each path over time: was the old path already bad, and what does the new one cost?</summary>
internal static class DelayFigure
{
    private const double Width = 1080;
    private const double Left = 58;
    private const double Right = 14;
    private const double Top = 34;
    private const double Bottom = 244;
    private const int MostPoints = 2400;

    /// <summary>The figure; <see langword="null"/> when no path has a delay series.</summary>
    public static SvgFigure? Of(RunResult result)
    {
        var bin = result.Flows.FirstOrDefault(f => f.Series is not null)?.Series;
        var paths = result.Paths.Select((p, i) => (Path: p, Index: i)).Where(p => p.Path.DelaySeriesNs is { Count: > 0 }).ToList();
        if (bin is null || paths.Count == 0)
        {
            return null;
        }

        var time = RunTime.Of(result);
        var most = paths.Max(p => p.Path.DelaySeriesNs!.Max()) / 1e6;
        var x = new LinearScale(0, time.EndSeconds, Left, Width - Left - Right);
        var y = new LinearScale(0, Math.Max(0.001, most * 1.1), Bottom, Top - Bottom);
        var plot = new TimePlot("delay", x, Top, Bottom);
        var w = new MarkupWriter();
        plot.Frame(w);
        foreach (var tick in y.Ticks(5))
        {
            w.Line($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{y.Map(tick)}" y2="{y.Map(tick)}"/><text class="tick" x="{Left - 8}" y="{y.Map(tick) + 4}" text-anchor="end">{tick.ToString("0.###", CultureInfo.InvariantCulture)} ms</text>""");
        }

        plot.OpenZoom(w);
        StallBands.Draw(w, result, plot);
        foreach (var (path, index) in paths)
        {
            w.Line($"""<path class="line p{index % 6}" data-path="{path.Name}" data-median-ns="{path.DelayNs?.Median ?? -1}" d="{Trace(path.DelaySeriesNs!, bin, time, x, y).ToString()}"/>""");
        }

        TimePlot.CloseZoom(w);
        Legend(w, paths);
        return new SvgFigure(
            plot.Id, "One-way delay per path", "Median one-way delay of the packets that crossed each path, per bin of time; no line where nothing crossed.",
            Width, Bottom + 24, w.ToMarkup());
    }

    private static PathData Trace(IReadOnlyList<long> delays, FlowSeries bin, RunTime time, LinearScale x, LinearScale y)
    {
        var data = new PathData();
        var merge = Math.Max(1, (delays.Count + MostPoints - 1) / MostPoints);
        var drawing = false;
        for (var i = 0; i < delays.Count; i += merge)
        {
            var most = -1L;
            for (var j = i; j < Math.Min(i + merge, delays.Count); j++)
            {
                most = Math.Max(most, delays[j]);
            }

            if (most < 0)
            {
                drawing = false;
                continue;
            }

            var at = x.Map(time.Seconds(bin.StartNs) + ((i + (merge / 2.0)) * bin.BinNs / 1e9));
            _ = drawing ? data.Line(at, y.Map(most / 1e6)) : data.Dot(at, y.Map(most / 1e6));
            drawing = true;
        }

        return data;
    }

    private static void Legend(MarkupWriter w, List<(PathSummary Path, int Index)> paths)
    {
        var at = Left;
        foreach (var (path, index) in paths)
        {
            var text = path.Name + (path.DelayNs is { } delay ? $"  median {TimeWords.Duration(delay.Median)}, p99 {TimeWords.Duration(delay.P99)}" : string.Empty);
            w.Line($"""<path class="line thick p{index % 6}" d="M{at} 12h18"/><text class="tick" x="{at + 24}" y="16">{text}</text>""");
            at += LabelRows.WidthOf(text) + 44;
        }
    }
}

using System.Globalization;

namespace FailoverLab.Reports;

/// <summary>The longest outage of every run: how many runs stayed at or below each length.</summary>
internal static class SpreadFigure
{
    private const double Width = 1080;
    private const double Left = 58;
    private const double Right = 40;
    private const double Top = 14;
    private const double Bottom = 244;

    /// <summary>The figure; <see langword="null"/> when no run measured anything.</summary>
    public static SvgFigure? Of(RepeatTable table)
    {
        var rows = table.Rows.Where(r => r.OutageNs is not null).ToList();
        if (rows.Count == 0)
        {
            return null;
        }

        var recovered = rows.Where(r => r.Recovered).OrderBy(r => r.OutageNs).ToList();
        var most = rows.Max(r => r.OutageNs!.Value) / 1e6;
        var least = rows.Min(r => r.OutageNs!.Value) / 1e6;
        var margin = Math.Max((most - least) * 0.15, Math.Max(most * 0.02, 0.1));
        var x = new LinearScale(Math.Max(0, least - margin), most + margin, Left, Width - Left - Right);
        var y = new LinearScale(0, 1, Bottom, Top - Bottom);
        var w = new MarkupWriter();
        Axes(w, x, y);
        Median(w, table.Outage, x);
        var step = new PathData().Move(Left, y.Map(0));
        for (var i = 0; i < recovered.Count; i++)
        {
            step.Across(x.Map(recovered[i].OutageNs!.Value / 1e6)).Upright(y.Map((i + 1.0) / rows.Count));
        }

        w.Line($"""<path class="step" d="{step.Across(Width - Right).ToString()}"/>""");
        for (var i = 0; i < recovered.Count; i++)
        {
            Dot(w, recovered[i], x.Map(recovered[i].OutageNs!.Value / 1e6), y.Map((i + 1.0) / rows.Count), "run");
        }

        foreach (var (row, i) in rows.Where(r => !r.Recovered).Select((r, i) => (r, i)))
        {
            Dot(w, row, Width - Right + 14, y.Map((recovered.Count + i + 1.0) / rows.Count), "run never");
        }

        return new SvgFigure("spread", "Longest outage of each run", table.ToString() + " Hollow: never came back.", Width, Bottom + 38, w.ToMarkup());
    }

    private static void Axes(MarkupWriter w, LinearScale x, LinearScale y)
    {
        foreach (var tick in x.Ticks(10))
        {
            w.Line($"""<line class="grid" x1="{x.Map(tick)}" x2="{x.Map(tick)}" y1="{Top}" y2="{Bottom}"/><text class="tick" x="{x.Map(tick)}" y="{Bottom + 16}" text-anchor="middle">{tick.ToString("0.###", CultureInfo.InvariantCulture)}</text>""");
        }

        foreach (var tick in new[] { 0, 0.25, 0.5, 0.75, 1 })
        {
            w.Line($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{y.Map(tick)}" y2="{y.Map(tick)}"/><text class="tick" x="{Left - 8}" y="{y.Map(tick) + 4}" text-anchor="end">{(tick * 100).ToString("0", CultureInfo.InvariantCulture)} %</text>""");
        }

        w.Line($"""<line class="base" x1="{Left}" x2="{Width - Right}" y1="{Bottom}" y2="{Bottom}"/><text class="tick" x="{Width - Right}" y="{Bottom + 33}" text-anchor="end">longest outage of the run, ms</text>""");
    }

    private static void Median(MarkupWriter w, RepeatSummary outage, LinearScale x)
    {
        if (outage.MedianNs is not { } median)
        {
            return;
        }

        if (outage.MedianLowNs is { } low)
        {
            var from = x.Map(low / 1e6);
            var to = outage.MedianHighNs is { } high ? x.Map(high / 1e6) : Width - Right;
            w.Add($"""<rect class="band" x="{from}" y="{Top}" width="{Math.Max(1, to - from)}" height="{Bottom - Top}"><title>95 % interval of the median</title>""");
            w.Line($"""</rect>""");
        }

        w.Add($"""<line class="middle" data-median-ns="{median}" x1="{x.Map(median / 1e6)}" x2="{x.Map(median / 1e6)}" y1="{Top}" y2="{Bottom}"><title>median {TimeWords.Duration(median)}</title>""");
        w.Line($"""</line>""");
    }

    private static void Dot(MarkupWriter w, RepeatRow row, double x, double y, string style) => w.Line(
        $"""<circle class="{style}" data-run="{row.Name}" data-outage-ns="{row.OutageNs ?? 0}" cx="{x}" cy="{y}" r="4"><title>{row.Name}: {(row.Recovered ? TimeWords.WithInterval(row.OutageNs ?? 0, row.OutageLowNs ?? 0, row.OutageHighNs) : "never came back")}</title></circle>""");
}

using System.Globalization;
using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>What happened when: steps, the path in use, and what every flow received, outages shaded.</summary>
internal static class TimelineFigure
{
    private const double Width = 1080;
    private const double Left = 132;
    private const double Right = 14;
    private const double LaneHeight = 13;
    private const double LaneGap = 5;
    private const double RowHeight = 46;
    private const double RowGap = 16;
    private const double LabelHeight = 17;

    /// <summary>The figure; <see langword="null"/> when no flow has a series.</summary>
    public static SvgFigure? Of(ReportInput input)
    {
        if (input.Result is not { } result || result.Flows.All(f => f.Series is null))
        {
            return null;
        }

        var time = RunTime.Of(result);
        var x = new LinearScale(0, time.EndSeconds, Left, Width - Left - Right);
        var marks = StepMark.Of(input, (long)(time.EndSeconds / x.Length * 12 * 1e9));
        var rows = new LabelRows();
        var labels = marks.Select(m => (Mark: m, Row: rows.Place(LabelStart(x.Clamp(time.Seconds(m.AtNs)), m.Label), LabelRows.WidthOf(m.Label)))).ToList();
        var top = (rows.Count * LabelHeight) + 8;
        var lanes = top + 8;
        var flows = lanes + (result.Paths.Count * (LaneHeight + LaneGap)) + 18;
        var drawn = MainFlows.Of(result).Where(f => f.Series is { Received.Count: > 0 }).ToList();
        var bottom = flows + (drawn.Count * (RowHeight + RowGap)) - RowGap + 6;
        var plot = new TimePlot("timeline", x, top, bottom);
        var w = new MarkupWriter();
        Hatch(w, plot.Id);
        plot.Frame(w);
        plot.OpenZoom(w);
        StallBands.Draw(w, result, plot);
        Lanes(w, result, drawn, time, x, lanes);
        for (var i = 0; i < drawn.Count; i++)
        {
            Flow(w, result, drawn[i], time, x, flows + (i * (RowHeight + RowGap)));
        }

        TimePlot.CloseZoom(w);
        Names(w, result, drawn, lanes, flows);
        foreach (var (mark, row) in labels)
        {
            Mark(w, mark, time, x, 12 + (row * LabelHeight), bottom);
        }

        return new SvgFigure(plot.Id, "Timeline", Describe(result, drawn.Count), Width, bottom + 24, w.ToMarkup());
    }

    private static double LabelStart(double at, string label) => Math.Min(at, Width - LabelRows.WidthOf(label));

    private static void Hatch(MarkupWriter w, string id) => w.Line(
        $"""<pattern id="{id}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="5" height="5"/><rect class="hatch-line" width="1.6" height="5"/></pattern>""");

    private static void Lanes(MarkupWriter w, RunResult result, List<FlowSummary> flows, RunTime time, LinearScale x, double top)
    {
        var series = flows.Select(f => new BinnedSeries(f.Series!)).ToList();
        for (var path = 0; path < result.Paths.Count; path++)
        {
            var y = top + (path * (LaneHeight + LaneGap));
            w.Line($"""<rect class="lane" x="{x.At}" y="{y}" width="{x.Length}" height="{LaneHeight}"/>""");
            foreach (var (from, to) in PathUse.Stretches(series, path, time.OriginNs))
            {
                w.Line($"""<rect class="carried p{path % 6}" data-path="{result.Paths[path].Name}" x="{x.Map(from)}" y="{y}" width="{Math.Max(0.5, x.Map(to) - x.Map(from))}" height="{LaneHeight}"/>""");
            }
        }
    }

    private static void Flow(MarkupWriter w, RunResult result, FlowSummary flow, RunTime time, LinearScale x, double top)
    {
        var series = new BinnedSeries(flow.Series!);
        var y = new LinearScale(0, series.Typical * 1.3, top + RowHeight, -RowHeight);
        foreach (var (path, data) in RateArea.Of(series, time.OriginNs, x, y))
        {
            w.Line($"""<path class="area p{(path < 0 ? "x" : (path % 6).ToString(CultureInfo.InvariantCulture))}" d="{data.ToString()}"/>""");
        }

        foreach (var outage in result.Outages.Where(o => o.Flow == flow.Id))
        {
            var from = x.Map(time.Seconds(outage.StartNs));
            var to = x.Map(outage.EndNs is { } end ? time.Seconds(end) : time.EndSeconds);
            w.Add($"""<rect class="outage" fill="url(#timeline-hatch)" data-flow="{flow.Id}" data-start-ns="{outage.StartNs}" data-duration-ns="{outage.DurationNs}" """);
            w.Add($"""x="{from}" y="{top - 3}" width="{Math.Max(2.5, to - from)}" height="{RowHeight + 3}"><title>{flow.Id}: {OutageText(outage, result.StartNs)}</title>""");
            w.Line($"""</rect>""");
        }
    }

    private static void Names(MarkupWriter w, RunResult result, List<FlowSummary> flows, double lanes, double rows)
    {
        for (var path = 0; path < result.Paths.Count; path++)
        {
            w.Line($"""<text class="name" x="{Left - 12}" y="{lanes + (path * (LaneHeight + LaneGap)) + 10.5}" text-anchor="end">{result.Paths[path].Name}</text>""");
        }

        for (var i = 0; i < flows.Count; i++)
        {
            var y = rows + (i * (RowHeight + RowGap));
            var series = new BinnedSeries(flows[i].Series!);
            var rate = (long)Math.Round(series.Typical / series.BinSeconds);
            w.Add($"""<text class="name" x="{Left - 12}" y="{y + 22}" text-anchor="end">{flows[i].Id}</text>""");
            w.Line($"""<text class="tick" x="{Left - 12}" y="{y + 37}" text-anchor="end">{TimeWords.Count(rate)} packets/s</text>""");
            w.Line($"""<line class="base" x1="{Left}" x2="{Width - Right}" y1="{y + RowHeight}" y2="{y + RowHeight}"/>""");
        }
    }

    private static void Mark(MarkupWriter w, StepMark mark, RunTime time, LinearScale x, double y, double bottom)
    {
        var at = x.Clamp(time.Seconds(mark.AtNs));
        var kind = mark.IsFault ? "mark fault" : "mark";
        w.Add($"""<g class="{kind}" data-at="{time.Seconds(mark.AtNs)}"><title>{TimeWords.Relative(mark.AtNs, time.OriginNs)} {mark.Title}</title>""");
        w.Add($"""<line x1="{at}" x2="{at}" y1="{y + 4}" y2="{bottom}"/><text x="{LabelStart(at, mark.Label)}" y="{y}">{mark.Label}</text>""");
        w.Line($"""</g>""");
    }

    private static string OutageText(Outage outage, long? start) =>
        $"{TimeWords.Relative(outage.StartNs, start)}, {TimeWords.WithInterval(outage.DurationNs, outage.LowNs, outage.HighNs)}"
        + (outage.Lost is { } lost ? $", {lost} lost" : string.Empty);

    private static string Describe(RunResult result, int flows) =>
        $"{flows} flows over time: packets received per second, coloured by the path that carried them; {result.Outages.Count} outages shaded; steps as upright lines.";
}

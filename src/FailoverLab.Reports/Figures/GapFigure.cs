using System.Globalization;
using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Sequence against time around one outage: what was sent, what arrived and over which path, what was lost.</summary>
internal static class GapFigure
{
    private const double Width = 520;
    private const double Height = 282;
    private const double Left = 46;
    private const double Right = 12;
    private const double Top = 34;
    private const double Bottom = 222;

    /// <summary>The figure; <see langword="null"/> when the outage has no detail.</summary>
    public static SvgFigure? Of(RunResult result, Outage outage, string id)
    {
        if (outage.Detail is not { Sequence.Count: > 1 } gap)
        {
            return null;
        }

        var origin = outage.StartNs;
        var times = gap.SentNs.Concat(gap.ReceivedNs.Where(t => t > 0)).ToList();
        var x = new LinearScale((times.Min() - origin) / 1e6, (times.Max() - origin) / 1e6, Left, Width - Left - Right);
        var y = new LinearScale(gap.Sequence[0], Math.Max(gap.Sequence[^1], gap.Sequence[0] + 1), Bottom - 4, Top - Bottom + 8);
        var w = new MarkupWriter();
        Axes(w, x, y, gap.Sequence[0]);
        Silence(w, outage, x);
        Packets(w, gap, origin, x, y);
        Legend(w, result, gap);
        var title = $"{outage.Flow}, outage at {TimeWords.Relative(origin, result.StartNs)}";
        var description = $"Sequence numbers over time around an outage of {TimeWords.WithInterval(outage.DurationNs, outage.LowNs, outage.HighNs)}"
            + (outage.Lost is { } lost ? $" with {lost} packets lost." : ".");
        return new SvgFigure(id, title, description, Width, Height, w.ToMarkup());
    }

    private static void Axes(MarkupWriter w, LinearScale x, LinearScale y, long first)
    {
        foreach (var tick in x.Ticks(8))
        {
            w.Line($"""<line class="grid" x1="{x.Map(tick)}" x2="{x.Map(tick)}" y1="{Top}" y2="{Bottom}"/><text class="tick" x="{x.Map(tick)}" y="{Bottom + 15}" text-anchor="middle">{Text(tick)}</text>""");
        }

        foreach (var tick in new LinearScale(0, y.To - first, 0, 1).Ticks(5))
        {
            w.Line($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{y.Map(first + tick)}" y2="{y.Map(first + tick)}"/><text class="tick" x="{Left - 6}" y="{y.Map(first + tick) + 4}" text-anchor="end">+{Text(tick)}</text>""");
        }

        w.Line($"""<line class="base" x1="{Left}" x2="{Width - Right}" y1="{Bottom}" y2="{Bottom}"/>""");
        w.Add($"""<text class="tick" x="{Width - Right}" y="{Bottom + 31}" text-anchor="end">ms after the last packet delivered</text>""");
        w.Line($"""<text class="tick" x="2" y="{Top - 16}">sequence</text>""");
    }

    private static void Silence(MarkupWriter w, Outage outage, LinearScale x)
    {
        var from = x.Clamp(0);
        var to = x.Clamp(outage.EndNs is { } end ? (end - outage.StartNs) / 1e6 : double.MaxValue);
        w.Add($"""<rect class="outage flat" data-flow="{outage.Flow}" data-start-ns="{outage.StartNs}" data-duration-ns="{outage.DurationNs}" """);
        w.Line($"""x="{from}" y="{Top}" width="{Math.Max(1, to - from)}" height="{Bottom - Top}"/>""");
        w.Line($"""<path class="span" d="M{from} {Top + 1}V{Top - 5}M{to} {Top + 1}V{Top - 5}M{from} {Top - 2}H{to}"/>""");
        w.Line($"""<text class="strong" x="{(from + to) / 2}" y="{Top - 10}" text-anchor="middle">{TimeWords.Duration(outage.DurationNs)}</text>""");
    }

    private static void Packets(MarkupWriter w, GapDetail gap, long origin, LinearScale x, LinearScale y)
    {
        var sent = new PathData();
        var lost = new PathData();
        var delivered = new SortedDictionary<int, PathData>();
        for (var i = 0; i < gap.Sequence.Count; i++)
        {
            var row = y.Map(gap.Sequence[i]);
            var at = x.Map((gap.SentNs[i] - origin) / 1e6);
            if (gap.ReceivedNs[i] == 0)
            {
                lost.Cross(at, row, 1.6);
                continue;
            }

            sent.Dot(at, row);
            if (!delivered.TryGetValue(gap.Path[i], out var data))
            {
                delivered[gap.Path[i]] = data = new PathData();
            }

            data.Dot(x.Map((gap.ReceivedNs[i] - origin) / 1e6), row);
        }

        w.Line($"""<path class="sent" d="{sent.ToString()}"/>""");
        foreach (var (path, data) in delivered)
        {
            w.Line($"""<path class="dots p{PathClass(path)}" d="{data.ToString()}"/>""");
        }

        w.Line($"""<path class="lost" data-lost="{gap.ReceivedNs.Count(t => t == 0)}" d="{lost.ToString()}"/>""");
    }

    private static void Legend(MarkupWriter w, RunResult result, GapDetail gap)
    {
        var at = Left;
        Item("sent", "sent", "M{0} {1}h0");
        foreach (var path in gap.Path.Zip(gap.ReceivedNs).Where(p => p.Second > 0).Select(p => p.First).Distinct())
        {
            var name = path >= 0 && path < result.Paths.Count ? result.Paths[path].Name : "path unknown";
            Item($"dots p{PathClass(path)}", "received over " + name, "M{0} {1}h0");
        }

        Item("lost", "lost", "M{2} {3}l4 4m-4 0l4 -4");

        void Item(string style, string text, string shape)
        {
            var data = string.Format(CultureInfo.InvariantCulture, shape, at + 4, Height - 5, at + 2, Height - 7);
            w.Line($"""<path class="{style} big" d="{data}"/><text class="tick" x="{at + 12}" y="{Height - 1}">{text}</text>""");
            at += LabelRows.WidthOf(text) + 22;
        }
    }

    private static string PathClass(int path) => path < 0 ? "x" : (path % 6).ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture).Replace('-', '−');
}

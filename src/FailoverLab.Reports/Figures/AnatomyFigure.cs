using System.Globalization;
using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Where the time of one failover went: one bar from the fault to the recovery, cut at its marks.</summary>
internal static class AnatomyFigure
{
    private const double Width = 1080;
    private const double BarTop = 26;
    private const double BarHeight = 30;
    private const double Inset = 2;

    /// <summary>The figure; <see langword="null"/> when fewer than two marks are known.</summary>
    public static SvgFigure? Of(Failover failover, string id)
    {
        var parts = AnatomyParts.Of(failover);
        if (parts.Count == 0)
        {
            return null;
        }

        var first = parts[0].FromNs;
        var x = new LinearScale(0, Math.Max(1, parts[^1].ToNs - first), Inset, Width - (2 * Inset));
        var largest = parts.MaxBy(p => p.LengthNs)!;
        var w = new MarkupWriter();
        var rows = new LabelRows();
        w.Line($"""<text class="tick" x="{Inset}" y="16">0</text><text class="tick" x="{Width - Inset}" y="16" text-anchor="end">{TimeWords.Duration(parts[^1].ToNs - first)}</text>""");
        for (var i = 0; i < parts.Count; i++)
        {
            Part(w, parts[i], i, x, first, rows, parts[i] == largest);
        }

        var height = BarTop + BarHeight + 12 + (rows.Count * 17) + 4;
        return new SvgFigure(id, "Where the time went", Describe(largest, parts), Width, height, w.ToMarkup());
    }

    /// <summary>The largest part in words: <c>detection took 41.0 ms of 61.3 ms (67 %)</c>.</summary>
    public static string Describe(AnatomyPart largest, IReadOnlyList<AnatomyPart> parts)
    {
        var total = Math.Max(1, parts[^1].ToNs - parts[0].FromNs);
        var share = (100.0 * largest.LengthNs / total).ToString("0", CultureInfo.InvariantCulture);
        return $"The largest share: {MarkWords.Stretch(largest.End)}, {TimeWords.Duration(largest.LengthNs)} of {TimeWords.Duration(total)} ({share} %).";
    }

    private static void Part(MarkupWriter w, AnatomyPart part, int index, LinearScale x, long first, LabelRows rows, bool isLargest)
    {
        var from = x.Map(part.FromNs - first);
        var width = x.Map(part.ToNs - first) - from;
        var name = MarkWords.Stretch(part.End);
        var text = $"{name} {TimeWords.Duration(part.LengthNs)}";
        var style = isLargest ? "part largest" : index % 2 == 0 ? "part" : "part odd";
        w.Add($"""<g class="{style}" data-mark="{MarkWords.Mark(part.End)}" data-from-ns="{part.FromNs}" data-at-ns="{part.ToNs}"><title>{text}</title>""");
        w.Line($"""<rect x="{from}" y="{BarTop}" width="{Math.Max(1, width - 1)}" height="{BarHeight}" rx="2"/>""");
        if (LabelRows.WidthOf(text) + 8 < width)
        {
            w.Line($"""<text class="inside" x="{from + (width / 2)}" y="{BarTop + 20}" text-anchor="middle">{text}</text></g>""");
            return;
        }

        var start = Math.Min(from, Width - LabelRows.WidthOf(text));
        var y = BarTop + BarHeight + 20 + (rows.Place(start, LabelRows.WidthOf(text)) * 17);
        w.Line($"""<path class="leader" d="M{from + (Math.Min(width, 6) / 2)} {BarTop + BarHeight + 2}V{y - 11}"/><text class="tick" x="{start}" y="{y}">{text}</text></g>""");
    }
}

using System.Globalization;
using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Where the time of one failover went: one bar from the fault to the recovery, cut at its marks, and a key to its parts.</summary>
internal static class AnatomyFigure
{
    private const double Width = 1080;
    private const double BarTop = 4;
    private const double BarHeight = 34;
    private const double KeyTop = BarTop + BarHeight + 24;
    private const double KeyRow = 20;
    private const int KeyColumns = 4;

    /// <summary>The figure; <see langword="null"/> when fewer than two marks are known.</summary>
    public static SvgFigure? Of(Failover failover, string id)
    {
        var parts = AnatomyParts.Of(failover);
        if (parts.Count == 0)
        {
            return null;
        }

        var first = parts[0].FromNs;
        var x = new LinearScale(0, Math.Max(1, parts[^1].ToNs - first), 0, Width);
        var largest = parts.MaxBy(p => p.LengthNs)!;
        var rows = (parts.Count + KeyColumns - 1) / KeyColumns;
        var w = new MarkupWriter();
        for (var i = 0; i < parts.Count; i++)
        {
            var style = parts[i] == largest ? "part largest" : i % 2 == 0 ? "part" : "part odd";
            var name = MarkWords.Stretch(parts[i].End, failover.Kind);
            w.Add($"""<g class="{style}" data-mark="{MarkWords.Mark(parts[i].End)}" data-from-ns="{parts[i].FromNs}" data-at-ns="{parts[i].ToNs}"><title>{name} {TimeWords.Duration(parts[i].LengthNs)}</title>""");
            Bar(w, parts[i], i, name, x, first);
            Key(w, parts[i], i, name, rows);
            w.Line($"</g>");
        }

        return new SvgFigure(id, "Where the time went", Describe(failover, largest, parts), Width, KeyTop + (rows * KeyRow) - 10, w.ToMarkup());
    }

    private static string Describe(Failover failover, AnatomyPart largest, IReadOnlyList<AnatomyPart> parts)
    {
        var total = Math.Max(1, parts[^1].ToNs - parts[0].FromNs);
        var share = (100.0 * largest.LengthNs / total).ToString("0", CultureInfo.InvariantCulture);
        return $"{TimeWords.Duration(total)} from {MarkWords.Mark(failover.Anatomy.MinBy(m => m.AtNs)!.Mark, failover.Kind)} until {MarkWords.Mark(parts[^1].End)}. "
            + $"The largest share, {share} %, went to {MarkWords.Stretch(largest.End, failover.Kind)}.";
    }

    private static void Bar(MarkupWriter w, AnatomyPart part, int index, string name, LinearScale x, long first)
    {
        var from = x.Map(part.FromNs - first);
        var width = x.Map(part.ToNs - first) - from;
        w.Add($"""<rect x="{from}" y="{BarTop}" width="{Math.Max(1, width - 1.5)}" height="{BarHeight}" rx="2"/>""");
        var text = $"{name} {TimeWords.Duration(part.LengthNs)}";
        var label = LabelRows.WidthOf(text) + 8 < width ? text : width > 18 ? Number(index) : string.Empty;
        if (label.Length > 0)
        {
            w.Add($"""<text class="inside" x="{from + (width / 2)}" y="{BarTop + 21.5}" text-anchor="middle">{label}</text>""");
        }
    }

    private static void Key(MarkupWriter w, AnatomyPart part, int index, string name, int rows)
    {
        var left = index / rows * (Width / KeyColumns);
        var y = KeyTop + (index % rows * KeyRow);
        w.Add($"""<rect x="{left}" y="{y - 10}" width="11" height="11" rx="2"/><text class="tick" x="{left + 18}" y="{y}">{Number(index)} {name} <tspan class="amount">{TimeWords.Duration(part.LengthNs)}</tspan></text>""");
    }

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}

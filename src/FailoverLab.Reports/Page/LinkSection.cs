using System.Globalization;
using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>What was asked of each link, beside what it applied.</summary>
internal static class LinkSection
{
    /// <summary>Writes the table; nothing where no link was audited.</summary>
    public static void Write(MarkupWriter w, RunResult result, Cells cells)
    {
        if (result.Links is not { Count: > 0 } links)
        {
            return;
        }

        w.Line($"""<section id="links"><h2>Links: asked and applied</h2>""");
        w.Line($"""<p class="lead">From the captures on both sides of each link, for each direction and each stretch of time between two changes. What was asked stands below what was applied.</p>""");
        DataTable.Open(w, "", "Link", "", ">From", ">To", "Asked", ">Packets", ">Lost", ">Delay min", ">median", ">p99", ">Rate");
        foreach (var link in links)
        {
            w.Add($"""<tr><td>{Cells.Sign(link.Verdict)}</td><td class="tight">{cells.Path(link.Path)}</td><td>{link.Direction}</td>""");
            w.Add($"""<td class="n">{cells.Instant(link.FromNs)}</td><td class="n">{cells.Instant(link.ToNs)}</td><td class="soft">{link.Asked}</td>""");
            w.Add($"""<td class="n">{Cells.Count(link.Packets)}</td><td class="n">{Share(link.Loss)}</td><td class="n">{Time(link.DelayMinNs)}</td>""");
            w.Line($"""<td class="n">{Time(link.DelayMedianNs)}</td><td class="n">{Time(link.DelayP99Ns)}</td><td class="n">{Rate(link.RateBitsPerSecond)}</td></tr>""");
        }

        DataTable.Close(w);
        w.Line($"""</section>""");
    }

    private static Markup Share(LinkShare? share) => share is null ? new Markup("–") : Cell(
        share.Verdict,
        $"{Percent(share.Applied.Value)} ({Percent(share.Applied.Low)} – {Percent(share.Applied.High)})",
        share is { AskedLow: 0, AskedHigh: 1 } ? "" : Between(Percent(share.AskedLow), Percent(share.AskedHigh)));

    private static Markup Time(LinkTime? time) => time is null ? new Markup("–") : Cell(
        time.Verdict,
        $"{TimeWords.Duration(time.Applied.ValueNs)} {(time.Applied.LowNs == time.Applied.HighNs ? "" : TimeWords.Interval(time.Applied.ValueNs, time.Applied.LowNs, time.Applied.HighNs))}".TrimEnd(),
        time is { AskedLowNs: { } low, AskedHighNs: { } high } ? Between(TimeWords.Duration(low), TimeWords.Duration(high)) : "");

    private static Markup Rate(LinkRate? rate) => rate is null ? new Markup("–") : Cell(
        rate.Verdict,
        rate is { AppliedLow: { } low, AppliedHigh: { } high } ? $"{Rate(rate.Applied)} ({Rate(low)} – {Rate(high)})" : Rate(rate.Applied).ToString(),
        rate.Asked is { } limit ? $"at most {Rate(limit)}" : "");

    private static DataRate Rate(long bitsPerSecond) => new(Math.Max(1, bitsPerSecond));

    private static Markup Cell(Verdict? verdict, string applied, string asked)
    {
        var w = new MarkupWriter();
        if (verdict == Verdict.Fail)
        {
            w.Add($"<strong>{applied}</strong>");
        }
        else
        {
            w.Add($"{applied}");
        }

        return (asked.Length == 0 ? w : w.Add($"""<br><span class="interval">{asked}</span>""")).ToMarkup();
    }

    private static string Between(string low, string high) => low == high ? low : $"{low} – {high}";

    private static string Percent(double share) => (share * 100).ToString("0.###", CultureInfo.InvariantCulture) + " %";
}

using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>The page over several runs.</summary>
internal static class MergedPage
{
    /// <summary>The whole page.</summary>
    public static string Html(string title, RepeatTable table, SvgFigure? figure)
    {
        var w = new MarkupWriter();
        w.Line($"""<header class="top"><strong>{title}</strong><span class="grow"></span></header><main>""");
        Hero(w, table);
        if (figure is not null)
        {
            w.Add($"""<section id="spread-section"><h2>Longest outage of each run</h2>""");
            w.Line($"""<p class="lead">Each dot is a run; the curve gives the share of runs at or below a length. Dashed: median, shaded: its 95 % interval. Hollow: traffic never came back.</p><div class="wide">{figure.Inline()}</div></section>""");
        }

        Summaries(w, table);
        Runs(w, table);
        w.Line($"""</main><footer>FailoverLab · a run that never recovered counts as longer than all others; it is neither dropped nor averaged.</footer>""");
        return PageShell.Wrap($"{table.Verdict.ToString().ToUpperInvariant()} {title}", null, w.ToMarkup());
    }

    private static void Hero(MarkupWriter w, RepeatTable table)
    {
        var word = table.Verdict.ToString().ToUpperInvariant();
        w.Line($"""<div class="hero {HeroSection.Tone(table.Verdict)}" id="verdict" data-verdict="{word}"><span class="badge">{word}</span><h1>{table.ToString()}</h1><dl class="tiles">""");
        var passed = table.Rows.Count(r => r.Verdict == Verdict.Pass);
        Tile(w, "Runs that pass", $"{passed} of {table.Rows.Count}", table.Unmeasured > 0 ? $"{table.Unmeasured} measured nothing" : "all measured");
        Tile(w, "Median of the longest outage", Cells.Duration(table.Outage.MedianNs), SummaryWords.MedianInterval(table.Outage).Trim());
        Tile(w, $"Max of {table.Outage.Count}", Cells.Duration(table.Outage.MaxNs), SummaryWords.Provable(table.Outage));
        Tile(w, "Never came back", $"{table.Outage.NeverRecovered}", $"of {table.Outage.Count} runs");
        w.Line($"</dl></div>");
    }

    private static void Tile(MarkupWriter w, string name, string value, string note) =>
        w.Line($"""<div><dt>{name}</dt><dd><span class="value">{value}</span><span class="note">{note}</span></dd></div>""");

    private static void Summaries(MarkupWriter w, RepeatTable table)
    {
        w.Line($"""<section id="summary"><h2>Together</h2>""");
        DataTable.Open(w, "Figure", ">Runs", ">Median", ">Max", "What the maximum proves");
        foreach (var (name, summary) in new[] { ("Longest outage", table.Outage), ("Failover, loss-derived", table.Failover) })
        {
            w.Add($"""<tr><td>{name}</td><td class="n">{summary.Count}</td>""");
            w.Add($"""<td class="n big">{Cells.Duration(summary.MedianNs)} <span class="interval">{SummaryWords.MedianInterval(summary)}</span></td>""");
            w.Line($"""<td class="n">{Cells.Duration(summary.MaxNs)}</td><td>{SummaryWords.Provable(summary)}</td></tr>""");
        }

        DataTable.Close(w);
        w.Line($"""<p class="lead">Median: {SummaryWords.MedianNote(table.Outage)}.</p></section>""");
    }

    private static void Runs(MarkupWriter w, RepeatTable table)
    {
        w.Line($"""<section id="runs"><h2>Runs</h2>""");
        DataTable.Open(w, "", "Run", ">Longest outage", ">Failover", ">Packets lost", "Path");
        foreach (var row in table.Rows)
        {
            var outage = row.OutageNs is not { } ns ? new Markup("not measured")
                : row.Recovered ? Cells.Time(ns, row.OutageLowNs ?? ns, row.OutageHighNs)
                : new MarkupWriter().Add($"""<span class="tick-fail">never came back</span>, {TimeWords.Duration(ns)} seen""").ToMarkup();
            w.Add($"""<tr><td>{Cells.Sign(row.Verdict ?? Verdict.Incomplete)}</td><td class="tight">{row.Name}</td>""");
            w.Add($"""<td class="n big">{outage}</td><td class="n">{Cells.Time(row.Failover)}</td>""");
            w.Line($"""<td class="n">{Cells.Count(row.Lost)}</td><td>{row.Moves}</td></tr>""");
        }

        DataTable.Close(w);
        w.Line($"""</section>""");
    }
}

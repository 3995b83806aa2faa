using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Every outage as a table, the longest ones as sequence-gap figures.</summary>
internal static class OutageSection
{
    private const int MostRows = 200;

    /// <summary>Most sequence-gap figures in a report.</summary>
    public const int MostFigures = 8;

    /// <summary>Writes it.</summary>
    public static void Write(MarkupWriter w, RunResult result, Cells cells, IReadOnlyList<SvgFigure> figures)
    {
        w.Line($"""<section id="outages"><h2>Outages</h2>""");
        if (result.Outages.Count == 0)
        {
            w.Line($"""<p class="lead">No flow went silent.</p></section>""");
            return;
        }

        var more = result.Outages.Count > figures.Count && figures.Count > 0 ? $" The figures show the {figures.Count} longest." : string.Empty;
        w.Line($"""<p class="lead">From the last packet delivered before the gap to the first after it, less one sending interval; in brackets the interval that holds the truth.{more}</p>""");
        w.Line($"""<div class="gaps">""");
        foreach (var figure in figures)
        {
            w.Line($"""<figure><figcaption>{figure.Title}</figcaption>{figure.Inline()}</figure>""");
        }

        w.Line($"""</div>""");
        DataTable.Open(w, "Flow", "Start", "End", ">Down for", ">Packets lost", "Path before and after");
        foreach (var outage in result.Outages.Take(MostRows))
        {
            var end = outage.Recovered ? cells.Instant(outage.EndNs) : new Markup("""<span class="tick-fail">never came back</span>""");
            w.Add($"""<tr><td class="tight">{outage.Flow}</td><td>{cells.Instant(outage.StartNs)}</td><td>{end}</td>""");
            w.Add($"""<td class="n big">{Cells.Time(outage.DurationNs, outage.LowNs, outage.HighNs)}</td>""");
            w.Line($"""<td class="n">{Cells.Count(outage.Lost)}</td><td>{cells.Paths([outage.FromPath, outage.ToPath])}</td></tr>""");
        }

        DataTable.Close(w);
        if (result.Outages.Count > MostRows)
        {
            w.Line($"""<p class="lead">{result.Outages.Count - MostRows} more are in result.json.</p>""");
        }

        w.Line($"</section>");
    }
}

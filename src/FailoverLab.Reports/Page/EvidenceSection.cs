using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>What the figures rest on: expectations, events, captures, clocks, caveats, the files as run.</summary>
internal static class EvidenceSection
{
    private const int MostEvents = 500;

    /// <summary>Writes the expectations.</summary>
    public static void WriteExpectations(MarkupWriter w, RunResult result)
    {
        if (result.Expectations.Count == 0)
        {
            return;
        }

        w.Line($"""<section id="expectations"><h2>Expectations</h2>""");
        DataTable.Open(w, "", "Expected", "Observed", "Limit");
        foreach (var e in result.Expectations)
        {
            w.Add($"""<tr data-verdict="{e.Verdict.ToString()}"><td>{Cells.Sign(e.Verdict)}</td><td>{e.Text}</td>""");
            w.Line($"""<td>{e.Observed ?? "nothing"}</td><td>{e.Limit}</td></tr>""");
        }

        DataTable.Close(w);
        w.Line($"""</section>""");
    }

    /// <summary>Writes the events with planned and actual time.</summary>
    public static void WriteEvents(MarkupWriter w, ReportInput input, Cells cells)
    {
        if (input.Events.Count == 0)
        {
            return;
        }

        w.Line($"""<section id="events"><h2>Events</h2>""");
        DataTable.Open(w, "At", "Host", "Event", ">Planned", ">Started late by", ">Acknowledged after", ">Exit");
        foreach (var e in input.Events.Take(MostEvents))
        {
            var late = e is { StartedNs: { } started, PlannedNs: { } planned } ? TimeWords.Duration(started - planned) : "";
            var acknowledged = e is { StartedNs: { } from, AcknowledgedNs: { } to } ? TimeWords.Duration(to - from) : "";
            w.Add($"""<tr><td>{cells.Instant(e.AtNs)}</td><td class="tight soft">{e.Host}</td><td>{Text(e)}</td>""");
            w.Add($"""<td class="n">{(e.PlannedNs is null ? Markup.Empty : cells.Instant(e.PlannedNs))}</td>""");
            w.Add($"""<td class="n">{late}</td><td class="n">{acknowledged}</td>""");
            w.Add($"""<td class="n">{(e.ExitStatus is { } exit ? new Markup(exit.ToString(System.Globalization.CultureInfo.InvariantCulture)) : Markup.Empty)}</td>""");
            w.Line($"""</tr>""");
        }

        DataTable.Close(w);
        if (input.Events.Count > MostEvents)
        {
            w.Line($"""<p class="lead">{input.Events.Count - MostEvents} more are in events.ndjson.</p>""");
        }

        w.Line($"</section>");
    }

    /// <summary>Writes the captures.</summary>
    public static void WriteCaptures(MarkupWriter w, RunResult result, Cells cells)
    {
        if (result.Captures.Count == 0)
        {
            return;
        }

        w.Line($"""<section id="captures"><h2>Captures</h2>""");
        DataTable.Open(w, "Point", "File", ">Packets", ">Dropped", "First", "Last", "");
        foreach (var c in result.Captures)
        {
            var fault = c.Truncated ? "torn at the end" : c.Reported is { } said && said != c.Packets ? $"{said} reported" : "";
            var dropped = c.Dropped is > 0 ? "tick-fail n" : "n";
            w.Add($"""<tr><td class="tight">{c.Point ?? "–"}</td><td class="soft">{c.File}</td>""");
            w.Add($"""<td class="n">{Cells.Count(c.Packets)}</td>""");
            w.Add($"""<td class="{dropped}">{(c.Dropped is { } d ? TimeWords.Count(d) : "not said")}</td>""");
            w.Line($"""<td>{cells.Instant(c.FirstNs)}</td><td>{cells.Instant(c.LastNs)}</td><td class="tick-fail">{fault}</td></tr>""");
        }

        DataTable.Close(w);
        w.Line($"""</section>""");
    }

    /// <summary>Writes what limits trust.</summary>
    public static void WriteCaveats(MarkupWriter w, RunResult result)
    {
        if (result.Caveats.Count == 0)
        {
            return;
        }

        w.Line($"""<section id="caveats"><h2>Caveats</h2><ul class="caveats">""");
        foreach (var caveat in result.Caveats)
        {
            var affects = caveat.Affects.Count > 0 ? $" Affects {string.Join(", ", caveat.Affects)}." : string.Empty;
            w.Line($"""<li>{caveat.Text}<span class="soft">{affects}</span> <code class="faint">{caveat.Code}</code></li>""");
        }

        w.Line($"</ul></section>");
    }

    private static Markup Text(RunEvent e)
    {
        var w = new MarkupWriter();
        if (e.Step is not null && e.Step != e.Text)
        {
            w.Add($"""<b>{e.Step}</b> """);
        }

        w.Add($"{e.Text}");
        foreach (var (key, value) in e.Data ?? new Dictionary<string, string>())
        {
            w.Add($""" <span class="soft">{key} {value}</span>""");
        }

        return w.ToMarkup();
    }
}

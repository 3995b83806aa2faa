using System.Globalization;
using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Delay figure, flows and paths.</summary>
internal static class TrafficSection
{
    /// <summary>Writes the paths with their delay.</summary>
    public static void WritePaths(MarkupWriter w, RunResult result, Cells cells, SvgFigure? delay)
    {
        if (result.Paths.Count == 0)
        {
            return;
        }

        w.Add($"""<section id="paths"><h2>Paths</h2>""");
        w.Line($"""<p class="lead">One-way delay from entering a path to leaving it, median per bin of time.</p>""");
        if (delay is not null)
        {
            w.Line($"""<div class="wide">{delay.Inline()}</div>""");
        }

        DataTable.Open(w, "Path", ">Packets", ">Share", ">Bytes", ">Lost on it", ">Delay min", ">median", ">p99", ">max", ">Came back", ">Every");
        foreach (var path in result.Paths)
        {
            var share = (path.Share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
            w.Add($"""<tr><td class="tight">{cells.Path(path.Name)}</td><td class="n">{Cells.Count(path.Packets)}</td>""");
            w.Add($"""<td class="n">{share}</td><td class="n">{Cells.Count(path.Bytes)}</td><td class="n">{Cells.Count(path.Lost)}</td>{Delays(path.DelayNs)}""");
            w.Add($"""<td class="n">{(path.FlapCount is { } n ? $"{n}×" : "–")}</td>""");
            w.Line($"""<td class="n">{Cells.Duration(path.FlapPeriodNs)}</td></tr>""");
        }

        DataTable.Close(w);
        w.Line($"""</section>""");
    }

    /// <summary>Writes the flows.</summary>
    public static void WriteFlows(MarkupWriter w, RunResult result)
    {
        if (result.Flows.Count == 0)
        {
            return;
        }

        w.Line($"""<section id="flows"><h2>Flows</h2>""");
        DataTable.Open(
            w, "Flow", "From → to", ">Every", ">Sent", ">Received", ">Lost", ">Twice",
            ">Reordered", ">Late", ">Delay min", ">median", ">p99", ">max", ">Jitter", ">MOS");
        foreach (var flow in result.Flows)
        {
            var mos = flow.Mos?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–";
            w.Add($"""<tr><td class="tight">{flow.Id}</td><td class="tight soft">{flow.From ?? "?"} → {flow.To ?? "?"}</td>""");
            w.Add($"""<td class="n">{Cells.Duration(flow.IntervalNs)}</td><td class="n">{Cells.Count(flow.Sent)}</td>""");
            w.Add($"""<td class="n">{Cells.Count(flow.Received)}</td>""");
            w.Add($"""<td class="n">{Cells.Count(flow.Lost)}</td><td class="n">{Cells.Count(flow.Duplicates)}</td>""");
            w.Add($"""<td class="n">{Cells.Count(flow.Reordered)}</td><td class="n">{Cells.Count(flow.Late)}</td>""");
            w.Line($"""{Delays(flow.OneWayDelayNs ?? flow.RoundTripNs)}<td class="n">{Cells.Duration(flow.JitterNs)}</td><td class="n">{mos}</td></tr>""");
        }

        DataTable.Close(w);
        Hops(w, result);
        w.Line($"""</section>""");
    }

    /// <summary>Where each flow was seen and where its lost packets were seen last.</summary>
    private static void Hops(MarkupWriter w, RunResult result)
    {
        var flows = result.Flows.Where(f => f.Hops is not null).ToList();
        if (flows.Count == 0)
        {
            return;
        }

        w.Line($"""<details><summary>Point by point: where lost packets were seen last</summary>""");
        DataTable.Open(w, "Flow", "Point", ">Packets seen", ">Lost behind it", ">Delay to here min", ">median", ">p99", ">max");
        foreach (var flow in flows)
        {
            foreach (var (hop, first) in flow.Hops!.Select((hop, i) => (hop, i == 0)))
            {
                w.Add($"""<tr><td class="tight">{(first ? flow.Id : "")}</td><td class="tight">{hop.Point}</td>""");
                w.Line($"""<td class="n">{Cells.Count(hop.Packets)}</td><td class="n">{Cells.Count(hop.LostAfter)}</td>{Delays(hop.DelayNs)}</tr>""");
            }
        }

        DataTable.Close(w);
        w.Line($"""</details>""");
    }

    private static Markup Delays(DelaySummary? d) => new MarkupWriter()
        .Add($"""<td class="n">{Cells.Duration(d?.Min)}</td><td class="n">{Cells.Duration(d?.Median)}</td><td class="n">{Cells.Duration(d?.P99)}</td><td class="n">{Cells.Duration(d?.Max)}</td>""").ToMarkup();
}

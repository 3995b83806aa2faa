using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Every move of the working path: a table to read at a glance, then each in detail.</summary>
internal static class FailoverSection
{
    /// <summary>Writes the table.</summary>
    public static void WriteTable(MarkupWriter w, RunResult result, Cells cells)
    {
        w.Line($"""<section id="failovers"><h2>Failovers</h2>""");
        if (result.Failovers.Count == 0)
        {
            w.Line($"""<p class="lead">The working path did not move.</p></section>""");
            return;
        }

        DataTable.Open(w, "#", "Kind", "Path", "Router", "At", "Caused by", ">Traffic lost for", ">Silence", ">Packets lost");
        for (var i = 0; i < result.Failovers.Count; i++)
        {
            var failover = result.Failovers[i];
            var worst = failover.Flows.MaxBy(f => f.Methods.LossDerived?.ValueNs ?? -1)?.Methods.LossDerived;
            var silence = failover.Flows.MaxBy(f => f.Methods.TimeBasedLoss?.ValueNs ?? -1)?.Methods.TimeBasedLoss;
            w.Add($"""<tr><td>{i + 1}</td><td class="tight">{KindText(failover.Kind)}</td>""");
            w.Add($"""<td class="tight">{cells.Paths([failover.FromPath, failover.ToPath])}</td>""");
            w.Add($"""<td class="tight">{Routers(failover)}</td>""");
            w.Add($"""<td>{cells.Instant(BeginNs(failover))}</td><td>{failover.Fault.Step ?? "no step known"}</td>""");
            w.Add($"""<td class="n big">{Cells.Time(worst)}</td><td class="n">{Cells.Time(silence)}</td>""");
            w.Line($"""<td class="n">{Cells.Count(Lost(failover))}</td></tr>""");
        }

        DataTable.Close(w);
        w.Line($"""</section>""");
    }

    /// <summary>Writes each failover with its anatomy and its figures by method.</summary>
    /// <param name="w">The page.</param>
    /// <param name="result">The result.</param>
    /// <param name="cells">Pieces.</param>
    /// <param name="figures">Anatomy figures in order of the failovers; <see langword="null"/> where there is none.</param>
    public static void WriteDetails(MarkupWriter w, RunResult result, Cells cells, IReadOnlyList<SvgFigure?> figures)
    {
        if (result.Failovers.Count == 0)
        {
            return;
        }

        w.Add($"""<section id="anatomy"><h2>Where the time went</h2>""");
        w.Line($"""<p class="lead">From the fault to the moment every flow was forwarded again, cut at the marks that packets and the stack's own events give.</p>""");
        for (var i = 0; i < result.Failovers.Count; i++)
        {
            var failover = result.Failovers[i];
            w.Line($"""<h3>{i + 1}. {KindText(failover.Kind)} {cells.Paths([failover.FromPath, failover.ToPath])}</h3>""");
            FaultFacts(w, failover.Fault, cells);
            if (figures[i] is { } figure)
            {
                w.Line($"""<p class="lead">{figure.Description}</p><div class="wide">{figure.Inline()}</div>""");
                Marks(w, failover, cells);
            }

            MethodTable.Write(w, failover, open: i == 0);
        }

        w.Line($"</section>");
    }

    /// <summary>When it began: the fault acknowledged, else from packets, else commanded; without a known fault, its first packet on the new path.</summary>
    private static long? BeginNs(Failover failover) =>
        failover.Fault.AcknowledgedNs ?? failover.Fault.PacketsHighNs ?? failover.Fault.PacketsLowNs ?? failover.Fault.CommandNs
        ?? failover.Anatomy.FirstOrDefault(m => m.Mark == AnatomyMarkKind.FirstOnNewPath)?.AtNs;

    private static string KindText(FailoverKind kind) => kind == FailoverKind.Failover ? "Failover" : "Reversion";

    private static long? Lost(Failover failover) =>
        failover.Flows.Any(f => f.Lost is not null) ? failover.Flows.Sum(f => f.Lost ?? 0) : null;

    private static string Routers(Failover failover) => (failover.FromRouter, failover.ToRouter) switch
    {
        (null, null) => "–",
        var (from, to) when from == to => $"{from}, kept",
        var (from, to) => $"{from ?? "?"} → {to ?? "?"}",
    };

    private static void Marks(MarkupWriter w, Failover failover, Cells cells)
    {
        var first = failover.Anatomy.Min(m => m.AtNs);
        w.Line($"""<details><summary>Marks as a table</summary><table><thead><tr><th>Mark</th><th>At</th><th class="n">After the first</th></tr></thead><tbody>""");
        foreach (var mark in failover.Anatomy.OrderBy(m => m.AtNs))
        {
            w.Add($"""<tr><td>{MarkWords.Mark(mark.Mark, failover.Kind)}</td><td>{cells.Instant(mark.AtNs)}</td>""");
            w.Line($"""<td class="n">{TimeWords.Duration(mark.AtNs - first)}</td></tr>""");
        }

        w.Line($"</tbody></table></details>");
    }

    private static void FaultFacts(MarkupWriter w, FaultInstant fault, Cells cells)
    {
        w.Add($"""<p class="fault-facts"><span class="soft">Caused by</span> {fault.Step ?? "no step known"}""");
        Fact("commanded", fault.CommandNs);
        Fact("acknowledged", fault.AcknowledgedNs);
        Fact("by packets after", fault.PacketsLowNs);
        Fact("and before", fault.PacketsHighNs);
        w.Line($"</p>");

        void Fact(string name, long? atNs)
        {
            if (atNs is not null)
            {
                w.Add($""" <span class="soft">{name}</span> {cells.Instant(atNs, digits: 6)}""");
            }
        }
    }
}

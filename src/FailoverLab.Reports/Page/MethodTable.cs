using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>One failover as each flow saw it, by every method.</summary>
internal static class MethodTable
{
    private static readonly (string Name, string Source, Func<FailoverMethods, MeasuredTime?> Get)[] Methods =
    [
        ("Loss-derived", "RFC 6412 section 3.5.2: packets lost over the offered load", m => m.LossDerived),
        ("Route-specific", "RFC 6412 section 3.5.3: the same for this flow alone", m => m.RouteSpecificLossDerived),
        ("Packet loss", "RFC 6414 PLBM: packets lost over the offered rate", m => m.PacketLossBased),
        ("Time of silence", "RFC 6414 TBLM: last packet before to first after, at the receiver", m => m.TimeBasedLoss),
        ("Stamps", "RFC 6414 TBM: difference of the send stamps", m => m.TimestampBased),
        ("First forwarding", "RFC 6412 section 3.5.1: fault to first forwarding, by rate", m => m.RateDerivedFirst),
        ("Full forwarding", "RFC 6412 section 3.5.1: fault to full forwarding, by rate", m => m.RateDerivedFull),
    ];

    /// <summary>Writes the table, methods without a figure left out; nothing when no method applies.</summary>
    /// <param name="w">The page.</param>
    /// <param name="failover">The failover.</param>
    /// <param name="open">Whether the table is shown before the reader asks.</param>
    public static void Write(MarkupWriter w, Failover failover, bool open)
    {
        var used = Methods.Where(m => failover.Flows.Any(f => m.Get(f.Methods) is not null)).ToList();
        if (used.Count == 0)
        {
            return;
        }

        w.Add($"""<details{(open ? new Markup(" open") : Markup.Empty)}><summary>Per flow, by method</summary><div class="wide"><table><thead><tr><th>Flow</th><th class="n">Lost</th>""");
        foreach (var (name, source, _) in used)
        {
            w.Add($"""<th class="n"><abbr title="{source}">{name}</abbr></th>""");
        }

        w.Line($"</tr></thead><tbody>");
        foreach (var flow in failover.Flows)
        {
            w.Add($"""<tr><td class="tight">{flow.Flow}</td><td class="n">{Cells.Count(flow.Lost)}</td>""");
            foreach (var (_, _, get) in used)
            {
                w.Add($"""<td class="n">{Stacked(get(flow.Methods))}</td>""");
            }

            w.Line($"</tr>");
        }

        if (failover.Flows.Count > 2)
        {
            Overall(w, failover, used.ConvertAll(m => m.Get));
        }

        DataTable.Close(w);
        foreach (var disagreement in failover.Disagreements ?? [])
        {
            w.Line($"""<p class="lead">{disagreement.Text}</p>""");
        }

        w.Line($"""</details>""");
    }

    /// <summary>Least, median and most over all flows, as RFC 6413 section 7 asks.</summary>
    private static void Overall(MarkupWriter w, Failover failover, List<Func<FailoverMethods, MeasuredTime?>> methods)
    {
        foreach (var (name, at) in new[] { ("least", 0.0), ("median", 0.5), ("most", 1.0) })
        {
            w.Add($"""<tr><td class="soft">all flows, {name}</td><td></td>""");
            foreach (var get in methods)
            {
                var times = failover.Flows.Select(f => get(f.Methods)).OfType<MeasuredTime>().OrderBy(t => t.ValueNs).ToList();
                w.Add($"""<td class="n">{Stacked(times.Count == 0 ? null : times[(int)(at * (times.Count - 1))])}</td>""");
            }

            w.Line($"</tr>");
        }
    }

    private static Markup Stacked(MeasuredTime? time) => time is null
        ? new Markup("–")
        : new MarkupWriter().Add(
            $"""{TimeWords.Duration(time.ValueNs)}<br><span class="interval">{TimeWords.Interval(time.ValueNs, time.LowNs, time.HighNs)}</span>""").ToMarkup();
}

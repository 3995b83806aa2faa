using FailoverLab.Reports;
using FailoverLab.Results;
using Spectre.Console;

namespace FailoverLab.Cli;

/// <summary>What captures nobody planned came to: their flows, then as after a run.</summary>
public static class AnalysisTable
{
    private const int MostFlows = 24;

    /// <summary>Prints it.</summary>
    /// <param name="console">Standard output; see <see cref="TerminalConsole"/>.</param>
    /// <param name="result">The analysis.</param>
    public static void Write(IAnsiConsole console, RunResult result)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(result);
        if (result.Captures.Count == 0) return; // What was wrong with them has been said.
        Flows(console, result);
        Disagreements(console, result);
        Anatomies(console, result);
        ClosingTable.Write(console, result with { Caveats = Together(result.Caveats) }, null);
    }

    private static void Flows(IAnsiConsole console, RunResult result)
    {
        if (result.Flows.Count == 0)
        {
            return;
        }

        var table = PlainTable.Make("Flow", "Kind", "Sent", "Received", "Lost", "Twice", "Reordered", "Delay or RTT", "p99", "Jitter");
        foreach (var flow in result.Flows.OrderByDescending(f => f.Received + (f.Lost ?? 0)).Take(MostFlows))
        {
            var delay = flow.OneWayDelayNs ?? flow.RoundTripNs;
            PlainTable.Add(
                table, flow.Id, KindOf(flow), Count(flow.Sent), TimeWords.Count(flow.Received), Count(flow.Lost), Count(flow.Duplicates ?? flow.Retransmissions),
                Count(flow.Reordered), delay is null ? "" : TimeWords.Duration(delay.Median), delay is null ? "" : TimeWords.Duration(delay.P99),
                flow.JitterNs is { } jitter ? TimeWords.Duration(jitter) : "");
        }

        console.Write(table);
        if (result.Flows.Count > MostFlows)
        {
            console.WriteLine($"  the {MostFlows} largest of {result.Flows.Count} flows; --json has all");
        }
    }

    private static void Disagreements(IAnsiConsole console, RunResult result)
    {
        foreach (var text in result.Failovers.SelectMany(f => f.Disagreements ?? []).Select(d => d.Text).Distinct())
        {
            console.Write(new Paragraph().Append("methods  ", new Style(Color.Grey)).Append(TerminalText.Clean(text) + "\n"));
        }
    }

    /// <summary>Where the time of each failover went.</summary>
    private static void Anatomies(IAnsiConsole console, RunResult result)
    {
        foreach (var failover in result.Failovers)
        {
            if (failover.Largest is not { } largest) continue;
            var text = $"{failover.FromPath} → {failover.ToPath ?? "none"}: the largest share, {TimeWords.Duration(largest.DurationNs)} or {largest.Share * 100:0} %, went to {MarkWords.Stretch(largest.Mark, failover.Kind)}";
            console.Write(new Paragraph().Append("time  ", new Style(Color.Grey)).Append(TerminalText.Clean(text) + "\n"));
        }
    }

    private static string KindOf(FlowSummary flow) => flow.Kind switch
    {
        FlowKind.Iperf3Udp => "iperf3 UDP",
        FlowKind.Rtp => "RTP",
        FlowKind.IcmpEcho => "ICMP echo",
        FlowKind.Tcp => "TCP",
        FlowKind.Generic => "no numbers",
        _ => "probe",
    };

    private static string Count(long? count) => count is { } number ? TimeWords.Count(number) : "";

    /// <summary>The same caveat of several flows is said once.</summary>
    private static IReadOnlyList<Caveat> Together(IReadOnlyList<Caveat> caveats) =>
    [
        .. caveats.Where(c => c.Code != "capture-unreadable").GroupBy(c => c.Code).SelectMany(g => g.Count() <= 2
            ? g.AsEnumerable()
            : [g.First() with { Text = $"{g.First().Text} The same holds for {g.Count() - 1} more; --json has all." }]),
    ];
}

using FailoverLab.Reports;
using FailoverLab.Results;
using Spectre.Console;

namespace FailoverLab.Cli;

/// <summary>Several runs side by side, and what they prove together.</summary>
public static class MergedTable
{
    /// <summary>Prints it.</summary>
    /// <param name="console">Standard output; see <see cref="TerminalConsole"/>.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="reportPath">Path of the merged page; <see langword="null"/> when none was written.</param>
    public static void Write(IAnsiConsole console, RepeatTable runs, string? reportPath)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(runs);
        var table = PlainTable.Make("", "Run", "Longest outage", "Failover", "Lost", "Path");
        foreach (var row in runs.Rows)
        {
            var sign = row.Verdict switch { Verdict.Pass => "✓", Verdict.Fail => "✗", _ => "?" };
            string[] cells =
            [
                row.Name, Outage(row), row.Failover is { } f ? TimeWords.WithInterval(f) : "", row.Lost is { } lost ? TimeWords.Count(lost) : "", row.Moves,
            ];
            table.AddRow([new Text(sign, VerdictStyle.Of(row.Verdict)), .. cells.Select(c => new Text(TerminalText.Clean(c)))]);
        }

        console.Write(table);
        Summary(console, "longest outage", runs.Outage);
        Summary(console, "failover", runs.Failover);
        var word = runs.Verdict.ToString().ToUpperInvariant();
        console.WriteLine();
        console.Write(new Paragraph().Append(word, VerdictStyle.Of(runs.Verdict)).Append(TerminalText.Clean($": {runs}") + "\n"));
        if (reportPath is not null)
        {
            console.Write(new Paragraph().Append("report  ", new Style(Color.Grey)).Append(TerminalText.Clean(reportPath) + "\n"));
        }
    }

    private static string Outage(RepeatRow row) => row.OutageNs is not { } ns ? "not measured"
        : row.Recovered ? TimeWords.WithInterval(ns, row.OutageLowNs ?? ns, row.OutageHighNs)
        : $"never came back, {TimeWords.Duration(ns)} seen";

    private static void Summary(IAnsiConsole console, string name, RepeatSummary summary)
    {
        if (summary.Count == 0)
        {
            return;
        }

        var median = summary.MedianNs is { } m ? TimeWords.Duration(m) + SummaryWords.MedianInterval(summary) : "not bounded";
        var most = summary.MaxNs is { } max ? TimeWords.Duration(max) : "not bounded";
        console.Write(new Text(TerminalText.Clean(
            $"{name}  median {median}  max of {summary.Count} {most}: {SummaryWords.Provable(summary)}; never came back {summary.NeverRecovered}\n") + "\n"));
    }
}

using FailoverLab.Reports;
using FailoverLab.Results;
using Spectre.Console;

namespace FailoverLab.Cli;

/// <summary>What a run came to, printed after it: verdict, failovers, outages, expectations, captures, where the report is.</summary>
public static class ClosingTable
{
    private const int MostOutages = 12;

    /// <summary>Prints it.</summary>
    /// <param name="console">Standard output; see <see cref="TerminalConsole"/>.</param>
    /// <param name="result">The run.</param>
    /// <param name="reportPath">Path of the page, as to be opened; <see langword="null"/> when none was written.</param>
    public static void Write(IAnsiConsole console, RunResult result, string? reportPath)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(result);
        Failovers(console, result);
        Outages(console, result);
        Expectations(console, result);
        Captures(console, result);
        foreach (var caveat in result.Caveats)
        {
            console.Write(new Paragraph().Append("note  ", new Style(Color.Yellow)).Append(TerminalText.Clean(caveat.Text) + "\n"));
        }

        var headline = Headline.Of(result);
        var colon = headline.ToString()[headline.Word.Length..];
        console.WriteLine();
        console.Write(new Paragraph().Append(headline.Word, VerdictStyle.Of(headline.Verdict)).Append(TerminalText.Clean(colon) + "\n"));
        if (reportPath is not null)
        {
            console.Write(new Paragraph().Append("report  ", new Style(Color.Grey)).Append(TerminalText.Clean(reportPath) + "\n"));
        }
    }

    private static void Failovers(IAnsiConsole console, RunResult result)
    {
        if (result.Failovers.Count == 0)
        {
            return;
        }

        var table = PlainTable.Make("", "Failover", "Router", "At", "Traffic lost for", "Lost");
        foreach (var failover in result.Failovers)
        {
            var worst = failover.Flows.MaxBy(f => f.Methods.LossDerived?.ValueNs ?? -1)?.Methods.LossDerived;
            var fault = failover.Fault.AcknowledgedNs ?? failover.Fault.PacketsHighNs ?? failover.Fault.CommandNs
                ?? failover.Anatomy.FirstOrDefault(m => m.Mark == AnatomyMarkKind.FirstOnNewPath)?.AtNs;
            var router = failover.FromRouter == failover.ToRouter ? failover.ToRouter ?? "" : $"{failover.FromRouter ?? "?"} → {failover.ToRouter ?? "?"}";
            PlainTable.Add(
                table, failover.Kind == FailoverKind.Failover ? "failover" : "reversion",
                $"{failover.FromPath} → {failover.ToPath ?? "none"}", router,
                fault is { } at ? TimeWords.Relative(at, result.StartNs) : "", worst is null ? "" : TimeWords.WithInterval(worst),
                failover.Flows.Any(f => f.Lost is not null) ? TimeWords.Count(failover.Flows.Sum(f => f.Lost ?? 0)) : "");
        }

        console.Write(table);
    }

    private static void Outages(IAnsiConsole console, RunResult result)
    {
        if (result.Outages.Count == 0)
        {
            return;
        }

        var table = PlainTable.Make("Outage of", "At", "Down for", "Lost", "Path");
        foreach (var o in result.Outages.OrderBy(o => o.Recovered).ThenByDescending(o => o.DurationNs).Take(MostOutages).OrderBy(o => o.StartNs))
        {
            PlainTable.Add(
                table, o.Flow, TimeWords.Relative(o.StartNs, result.StartNs),
                TimeWords.WithInterval(o.DurationNs, o.LowNs, o.HighNs) + (o.Recovered ? "" : " never came back"),
                o.Lost is { } lost ? TimeWords.Count(lost) : "", $"{o.FromPath ?? "?"} → {o.ToPath ?? "?"}");
        }

        console.Write(table);
        if (result.Outages.Count > MostOutages)
        {
            console.WriteLine($"  the {MostOutages} longest of {result.Outages.Count} outages; all are in result.json");
        }
    }

    private static void Expectations(IAnsiConsole console, RunResult result)
    {
        if (result.Expectations.Count == 0)
        {
            return;
        }

        var table = PlainTable.Make("", "Expected", "Observed", "Limit");
        foreach (var e in result.Expectations)
        {
            var sign = e.Verdict switch { Verdict.Pass => "✓", Verdict.Fail => "✗", _ => "?" };
            table.AddRow(
                new Text(sign, VerdictStyle.Of(e.Verdict)), new Text(TerminalText.Clean(e.Text)),
                new Text(TerminalText.Clean(e.Observed ?? "nothing")), new Text(TerminalText.Clean(e.Limit)));
        }

        console.Write(table);
    }

    private static void Captures(IAnsiConsole console, RunResult result)
    {
        if (result.Captures.Count == 0)
        {
            return;
        }

        var dropped = result.Captures.Sum(c => c.Dropped ?? 0);
        var torn = result.Captures.Count(c => c.Truncated);
        var line = $"captures  {result.Captures.Count} files, {TimeWords.Count(result.Captures.Sum(c => c.Packets))} packets, {TimeWords.Count(dropped)} dropped"
            + (torn > 0 ? $", {torn} torn" : "");
        console.Write(new Text(TerminalText.Clean(line) + "\n", dropped + torn > 0 ? new Style(Color.Red) : Style.Plain));
    }
}

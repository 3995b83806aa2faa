using System.Globalization;
using FailoverLab.Reports;
using FailoverLab.Results;
using FailoverLab.Runner;
using Spectre.Console;

namespace FailoverLab.Cli;

/// <summary>What the gauge found about the measuring: a row per method, and the verdict.</summary>
public static class GaugeTable
{
    /// <summary>Prints it.</summary>
    /// <param name="console">Standard output; see <see cref="TerminalConsole"/>.</param>
    /// <param name="result">What was found.</param>
    public static void Write(IAnsiConsole console, GaugeResult result)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(result);
        var table = PlainTable.Make("", "Method", "Bias", "Repeatability", "Interval", "Holds the truth", "Found");
        foreach (var method in result.Methods)
        {
            var sign = method.Verdict switch { Verdict.Pass => "✓", Verdict.Fail => "✗", _ => "?" };
            string[] cells =
            [
                method.Name,
                method.BiasNs is { } bias ? $"{Milliseconds(bias.ValueNs)} ± {Milliseconds((bias.HighNs - bias.LowNs) / 2)} ms" : "",
                method.RepeatabilityNs is { } deviation ? $"{Milliseconds(deviation)} ms" : "",
                method.WidthNs is { } width ? $"{Milliseconds(width)} ms" : "",
                Share(method.Coverage),
                $"{method.Found} of {method.Cuts}",
            ];
            table.AddRow([new Text(sign, VerdictStyle.Of(method.Verdict)), .. cells.Select(c => new Text(TerminalText.Clean(c)))]);
        }

        console.Write(table);
        console.Write(new Text(
            "bias: mean of value less truth, with its 95 % interval; repeatability: its standard deviation; interval: median width; shares with their exact 95 % interval\n"));
        foreach (var caveat in result.Caveats)
        {
            console.Write(new Paragraph().Append("note  ", new Style(Color.Yellow)).Append(TerminalText.Clean(caveat.Text) + "\n"));
        }

        console.WriteLine();
        console.Write(new Paragraph().Append(result.Verdict.ToString().ToUpperInvariant(), VerdictStyle.Of(result.Verdict)).Append(TerminalText.Clean(Closing(result)) + "\n"));
    }

    private static string Closing(GaugeResult result)
    {
        var wrong = result.Methods.Where(m => m.Verdict != Verdict.Pass).Select(m => m.Name).ToList();
        var which = wrong.Count == 0 ? $"Reached by all {result.Methods.Count} figures." : $"Not reached by {string.Join(", ", wrong)}.";
        var strays = result.Strays == 0 ? "" : $" {result.Strays} outages or failovers were reported that were none.";
        var disturbed = result.Runs.Count(r => r.DisturbedNs is not null);
        var apart = disturbed == 0 ? "" : $" In {disturbed} of the cuts the machine paused or a packet at an edge was late; what fails by those alone is undecided.";
        return $": {result.Runs.Count} cuts, a packet every {TimeWords.Duration(result.IntervalNs)}. Goal: a bias of one packet (rates: one sampling interval) at most, the truth held in {Percent(GaugeConclusion.CoverageGoal)} of the cuts. {which}{strays}{apart}";
    }

    private static string Milliseconds(long ns) => (ns / 1e6).ToString("0.000", CultureInfo.InvariantCulture).Replace('-', '−');

    private static string Share(MeasuredShare share) => $"{Percent(share.Value)} [{Number(share.Low)}, {Number(share.High)}]";

    private static string Percent(double share) => Number(share) + " %";

    private static string Number(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture);
}

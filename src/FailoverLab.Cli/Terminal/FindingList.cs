using System.Globalization;
using FailoverLab.Hosts;
using Spectre.Console;

namespace FailoverLab.Cli;

/// <summary>Findings of <c>doctor</c> and <c>hosts</c>: one line each with what was seen, below it what to do, at the end how many there are.</summary>
internal static class FindingList
{
    private static readonly (FindingStatus Status, string Sign, Color Color, string Word)[] Signs =
    [
        (FindingStatus.Ok, "✓", Color.Green, "ok"),
        (FindingStatus.Note, "!", Color.Yellow, "worth knowing"),
        (FindingStatus.Unknown, "?", Color.Yellow, "unknown"),
        (FindingStatus.Bad, "✗", Color.Red, "refused"),
    ];

    public static void Write(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        var hostWidth = findings.Select(f => TerminalText.Clean(f.Host).Length).DefaultIfEmpty(0).Max();
        var checkWidth = findings.Select(f => f.Check.Length).DefaultIfEmpty(0).Max();
        foreach (var finding in findings)
        {
            var sign = Signs.Single(s => s.Status == finding.Status);
            console.Write(new Paragraph().Append(sign.Sign, new Style(sign.Color, decoration: Decoration.Bold))
                .Append($" {TerminalText.Clean(finding.Host).PadRight(hostWidth)}  {finding.Check.PadRight(checkWidth)}  {TerminalText.Clean(finding.Evidence)}\n"));
            if (finding.Fix is { } fix)
            {
                console.Write(new Paragraph().Append(new string(' ', hostWidth + checkWidth + 6) + "fix: ", new Style(Color.Blue)).Append(TerminalText.Clean(fix) + "\n"));
            }
        }

        var counts = Signs.Select(s => (s.Word, Count: findings.Count(f => f.Status == s.Status))).Where(c => c.Count > 0);
        console.Write(new Text(string.Join(", ", counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Count} {c.Word}"))) + "\n"));
    }

    /// <summary>Refused when anything is.</summary>
    public static ExitCode Code(IReadOnlyList<Finding> findings) => findings.Any(f => f.Status == FindingStatus.Bad) ? ExitCode.Refused : ExitCode.Passed;
}

using System.Globalization;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;
using Spectre.Console;

namespace FailoverLab.Cli;

/// <summary>Prints faults in files with the line they stand in, a caret below it, and the cure.</summary>
/// <param name="console">Standard error; see <see cref="TerminalConsole"/>.</param>
/// <param name="read">The text of a file; <see langword="null"/> when it cannot be read, which costs only the source line.</param>
public sealed class DiagnosticPrinter(IAnsiConsole console, Func<string, string?> read)
{
    private readonly Dictionary<string, string[]> _files = new(StringComparer.Ordinal);
    private readonly Style _rule = new(Color.Blue);

    /// <summary>Prints all of them and a line that counts them.</summary>
    public void Write(IReadOnlyList<Diagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        // A line with a secret in it is not printed, whatever else is wrong with it.
        var secret = diagnostics.Where(d => d.Code == ScenarioCodes.SecretInFile).Select(d => (d.Position.File, d.Position.Line)).ToHashSet();
        foreach (var diagnostic in diagnostics)
        {
            One(diagnostic, showsLine: !secret.Contains((diagnostic.Position.File, diagnostic.Position.Line)));
        }

        var errors = diagnostics.Count(d => d.Severity == Severity.Error);
        var warnings = diagnostics.Count - errors;
        if (diagnostics.Count > 0)
        {
            var counts = string.Join(", ", new[] { Count(errors, "error"), Count(warnings, "warning") }.Where(c => c.Length > 0));
            Put(new Paragraph(counts + (errors > 0 ? "; nothing was started" : string.Empty)));
        }
    }

    private static string Count(int count, string word) => count switch
    {
        0 => string.Empty,
        1 => "1 " + word,
        _ => string.Create(CultureInfo.InvariantCulture, $"{count} {word}s"),
    };

    private void One(Diagnostic d, bool showsLine)
    {
        var isError = d.Severity == Severity.Error;
        var style = new Style(isError ? Color.Red : Color.Yellow, decoration: Decoration.Bold);
        Put(new Paragraph().Append($"{(isError ? "error" : "warning")}[{TerminalText.Clean(d.Code)}]", style).Append(": " + TerminalText.Clean(d.Message)));
        var margin = new string(' ', d.Position.Line.ToString(CultureInfo.InvariantCulture).Length);
        Put(new Paragraph().Append($"{margin}--> ", _rule).Append(TerminalText.Clean(d.Position.ToString())));
        if (showsLine && SourceExcerpt.Of(Lines(d.Position.File), d.Position) is { } excerpt)
        {
            Put(new Paragraph().Append($"{margin} |", _rule));
            Put(new Paragraph().Append($"{d.Position.Line} | ", _rule).Append(excerpt.Text));
            Put(new Paragraph().Append($"{margin} | ", _rule).Append(excerpt.Marks, style));
        }

        if (d.Hint is { } hint)
        {
            Put(new Paragraph().Append($"{margin} = ", _rule).Append("help: " + TerminalText.Clean(hint)));
        }

        console.WriteLine();
    }

    private void Put(Paragraph line)
    {
        console.Write(line);
        console.WriteLine();
    }

    private string[] Lines(string file)
    {
        if (!_files.TryGetValue(file, out var lines))
        {
            _files[file] = lines = read(file)?.ReplaceLineEndings("\n").Split('\n') ?? [];
        }

        return lines;
    }
}

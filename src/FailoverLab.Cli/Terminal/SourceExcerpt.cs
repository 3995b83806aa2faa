using FailoverLab.Primitives;

namespace FailoverLab.Cli;

/// <summary>A line of a file, cut to what fits, and the marks below the place meant.</summary>
/// <param name="Text">The line, safe to print.</param>
/// <param name="Marks">Blanks and carets; empty when the fault concerns the whole line.</param>
internal sealed record SourceExcerpt(string Text, string Marks)
{
    private const int Widest = 96;
    private const int Before = 60;

    /// <summary>The excerpt; <see langword="null"/> when the place is not a line of the file.</summary>
    public static SourceExcerpt? Of(IReadOnlyList<string> lines, SourcePosition position)
    {
        if (position.Line < 1 || position.Line > lines.Count)
        {
            return null;
        }

        var line = lines[position.Line - 1];
        var column = Math.Clamp(position.Column - 1, -1, line.Length);
        var start = Math.Max(0, column - Before);
        var end = Math.Min(line.Length, start + Widest);
        var cutLeft = start > 0 ? "…" : string.Empty;
        var text = cutLeft + Shown(line[start..end]) + (end < line.Length ? "…" : string.Empty);
        if (column < 0)
        {
            return new SourceExcerpt(text, string.Empty);
        }

        var word = column;
        while (word < end && (char.IsAsciiLetterOrDigit(line[word]) || line[word] is '-' or '_' or '.' or '%' or '/'))
        {
            word++;
        }

        var marks = new string(' ', Shown(line[start..column]).Length + cutLeft.Length) + new string('^', Math.Max(1, word - column));
        return new SourceExcerpt(text, marks);
    }

    /// <summary>One character for one character, so that the marks stand where they should.</summary>
    private static string Shown(string part) =>
        string.Concat(part.Select(c => c == '\t' ? ' ' : char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));
}

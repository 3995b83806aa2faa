using System.Text;

namespace FailoverLab.Reports;

/// <summary>The one encoder between foreign strings and markup: safe in HTML and SVG text and in quoted attributes.</summary>
internal static class MarkupEncoder
{
    /// <summary>
    /// Appends <paramref name="text"/> encoded. Control characters, lone surrogates and characters that reorder text on screen
    /// (bidirectional overrides) come out as U+FFFD, so that what is read is what is there.
    /// </summary>
    public static void Append(StringBuilder target, ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                target.Append(c).Append(text[++i]);
                continue;
            }

            _ = c switch
            {
                '&' => target.Append("&amp;"),
                '<' => target.Append("&lt;"),
                '>' => target.Append("&gt;"),
                '"' => target.Append("&quot;"),
                '\'' => target.Append("&#39;"),
                '\n' or '\t' => target.Append(c),
                _ when IsUnfit(c) => target.Append('\uFFFD'),
                _ => target.Append(c),
            };
        }
    }

    /// <summary>The encoded form of <paramref name="text"/>.</summary>
    public static string Encode(string text)
    {
        var target = new StringBuilder(text.Length + 16);
        Append(target, text);
        return target.ToString();
    }

    private static bool IsUnfit(char c) =>
        char.IsControl(c) || char.IsSurrogate(c)
        || c is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFFFE' or '\uFFFF';
}

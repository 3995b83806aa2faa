using System.Globalization;
using System.Text;
using FailoverLab.Results;

namespace FailoverLab.Cli;

/// <summary>Foreign strings and figures as a terminal may show them.</summary>
internal static class TerminalText
{
    /// <summary>
    /// Makes a foreign string safe for a terminal: control characters (with them every escape sequence) and characters that
    /// reorder text become U+FFFD, line ends and tabs become blanks, narrow blanks become plain ones.
    /// </summary>
    public static string Clean(string? text)
    {
        var clean = new StringBuilder(text?.Length ?? 0);
        foreach (var rune in (text ?? string.Empty).EnumerateRunes())
        {
            clean.Append(rune.Value switch
            {
                '\n' or '\t' or '\r' or 0x202F or 0xA0 => " ",
                0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => "\uFFFD",
                _ when Rune.IsControl(rune) => "\uFFFD",
                _ => rune.ToString(),
            });
        }

        return clean.ToString();
    }

    /// <summary>Minutes, seconds and tenths: <c>00:04.1</c>, <c>−00:03.2</c>.</summary>
    public static string Clock(TimeSpan time)
    {
        var sign = time < TimeSpan.Zero ? "−" : string.Empty;
        var tenths = (long)Math.Round(Math.Abs(time.TotalSeconds) * 10);
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{tenths / 600:00}:{tenths % 600 / 10.0:00.0}");
    }

    /// <summary>UTC time of day with milliseconds.</summary>
    public static string TimeOfDay(long unixNs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixNs / 1_000_000).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>An event as one line: time, host, step, words.</summary>
    public static string Line(RunEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var line = new StringBuilder(TimeOfDay(e.AtNs));
        line.Append("  ").Append(Clean(e.Host ?? "run").PadRight(9));
        if (e.Step is not null && e.Step != e.Text)
        {
            line.Append("  ").Append(Clean(e.Step)).Append(':');
        }

        line.Append(e.Step is not null && e.Step != e.Text ? " " : "  ").Append(Clean(e.Text));
        foreach (var (key, value) in e.Data ?? new Dictionary<string, string>())
        {
            line.Append(' ').Append(Clean(key)).Append('=').Append(Clean(value));
        }

        if (e.ExitStatus is { } exit and not 0)
        {
            line.Append(CultureInfo.InvariantCulture, $" (exit {exit})");
        }

        return line.ToString();
    }
}

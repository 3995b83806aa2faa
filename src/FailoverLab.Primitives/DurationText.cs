using System.Globalization;

namespace FailoverLab.Primitives;

/// <summary>Durations as people write them: a number and its unit, <c>250us</c>, <c>500ms</c>, <c>2.5s</c>, <c>3m</c>, <c>1h</c>.</summary>
public static class DurationText
{
    /// <summary>The units a duration may carry, smallest first.</summary>
    public static IReadOnlyList<string> Units { get; } = ["us", "ms", "s", "m", "h"];

    /// <summary>Reads a duration; a bare number is refused, because its unit would be a guess.</summary>
    /// <param name="text">Number and unit without blank; the number may have a fraction and a sign.</param>
    /// <param name="value">The duration; resolution 100 ns, magnitude at most 366 days.</param>
    /// <returns>Whether <paramref name="text"/> is a duration.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = default;
        var digits = text.Length;
        while (digits > 0 && char.IsAsciiLetter(text[digits - 1]))
        {
            digits--;
        }

        double? seconds = text[digits..] switch
        {
            "us" => 1e-6,
            "ms" => 1e-3,
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => null,
        };
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (seconds is null || !double.TryParse(text[..digits], Style, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var total = number * seconds.Value;
        if (!double.IsFinite(total) || Math.Abs(total) > TimeSpan.FromDays(366).TotalSeconds)
        {
            return false;
        }

        value = TimeSpan.FromTicks((long)Math.Round(total * TimeSpan.TicksPerSecond));
        return true;
    }

    /// <summary>Writes a duration in the largest unit that keeps it readable: <c>1.5s</c>, <c>20ms</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan value) => FormatNs(value.Ticks * 100);

    /// <summary>Writes nanoseconds the same way, with at most three decimals.</summary>
    public static string FormatNs(long ns)
    {
        var magnitude = Math.Abs((double)ns);
        var (scale, unit) = magnitude switch
        {
            0 => (1e9, "s"),
            < 1e6 => (1e3, "us"),
            < 1e9 => (1e6, "ms"),
            < 60e9 => (1e9, "s"),
            < 3600e9 => (60e9, "m"),
            _ => (3600e9, "h"),
        };
        return (ns / scale).ToString("0.###", CultureInfo.InvariantCulture) + unit;
    }
}

using FailoverLab.Primitives;

namespace FailoverLab.Yaml;

/// <summary>Guesses the form a person meant by a quantity with a wrong unit or none; the guess is shown, never used.</summary>
internal static class UnitAdvice
{
    private static readonly string[] BareUnits = ["ms", "s"];

    /// <summary>What to write in place of a text that is no duration; a bare number gets every common unit that lies in the range.</summary>
    public static string ForDuration(string text, TimeSpan min, TimeSpan max)
    {
        var (number, unit) = Split(text);
        if (unit.Length == 0)
        {
            var fitting = BareUnits.Where(u => DurationText.TryParse(number + u, out var value) && value >= min && value <= max).Select(u => number + u).ToList();
            return fitting.Count > 0 ? $"write {string.Join(" or ", fitting)}" : "write 150ms, 2.5s or 3m";
        }
        var known = unit.ToUpperInvariant() switch
        {
            "US" or "USEC" or "USECS" or "MICROSECONDS" or "\u00B5S" => "us",
            "MS" or "MSEC" or "MSECS" or "MILLIS" or "MILLISECONDS" => "ms",
            "S" or "SEC" or "SECS" or "SECOND" or "SECONDS" => "s",
            "M" or "MIN" or "MINS" or "MINUTE" or "MINUTES" => "m",
            "H" or "HR" or "HRS" or "HOUR" or "HOURS" => "h",
            _ => null,
        };
        return known is not null && DurationText.TryParse(number + known, out _) ? $"write {number}{known}" : "write 150ms, 2.5s or 3m";
    }

    /// <summary>What to write in place of a text that is no share.</summary>
    public static string ForRatio(string text)
    {
        var (number, unit) = Split(text);
        return unit is "" or "PERCENT" or "PCT" or "percent" or "pct" && Ratio.TryParse(number + "%", out _) ? $"write {number}%" : "write 15% or 0.5%";
    }

    /// <summary>What to write in place of a text that is no rate.</summary>
    public static string ForRate(string text)
    {
        var (number, unit) = Split(text);
        var known = unit.ToUpperInvariant() switch
        {
            "KBIT" or "KBPS" or "KBIT/S" or "KB/S" or "K" => "kbit/s",
            "MBIT" or "MBPS" or "MBIT/S" or "MB/S" or "M" or "" => "Mbit/s",
            "GBIT" or "GBPS" or "GBIT/S" or "GB/S" or "G" => "Gbit/s",
            "BIT" or "BPS" => "bit/s",
            _ => null,
        };
        return known is not null && DataRate.TryParse(number + known, out _) ? $"write {number}{known}" : "write 20Mbit/s or 512kbit/s";
    }

    private static (string Number, string Unit) Split(string text)
    {
        var trimmed = text.Trim();
        var end = 0;
        while (end < trimmed.Length && (char.IsAsciiDigit(trimmed[end]) || trimmed[end] is '.' or '-'))
        {
            end++;
        }
        return (trimmed[..end], trimmed[end..].Trim());
    }
}

using System.Globalization;
using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Times as the report prints them: milliseconds with as many digits as the eye can use.</summary>
public static class TimeWords
{
    private const string ThinSpace = "\u202F";
    private const string HardSpace = "\u00A0";

    /// <summary>A duration with its unit: <c>0.412 ms</c>, <c>61.3 ms</c>, <c>12.35 s</c>.</summary>
    /// <param name="ns">Nanoseconds, any sign.</param>
    public static string Duration(long ns)
    {
        var (scale, decimals, unit) = Form(ns);
        return Number(ns, scale, decimals) + HardSpace + unit;
    }

    /// <summary>A duration with the interval that holds the truth: <c>61.3 ms [60.3, 62.4]</c>; an absent upper end prints as <c>∞</c>.</summary>
    public static string WithInterval(long valueNs, long lowNs, long? highNs)
    {
        var (scale, decimals, _) = Form(valueNs);
        var high = highNs is { } h ? Number(h, scale, decimals) : "∞";
        return $"{Duration(valueNs)} [{Number(lowNs, scale, decimals)}, {high}]";
    }

    /// <summary>The interval alone, in the unit and digits its value prints with: <c>[60.3, 62.4]</c>.</summary>
    public static string Interval(long valueNs, long lowNs, long? highNs)
    {
        var text = WithInterval(valueNs, lowNs, highNs);
        return text[text.IndexOf('[', StringComparison.Ordinal)..];
    }

    /// <summary>A measured time with its interval.</summary>
    public static string WithInterval(MeasuredTime time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return WithInterval(time.ValueNs, time.LowNs, time.HighNs);
    }

    /// <summary>An instant relative to the run's start: <c>T+5.061 s</c>; without a start, UTC time of day.</summary>
    /// <param name="atNs">The instant, ns since the Unix epoch.</param>
    /// <param name="startNs">T+0; <see langword="null"/> when unknown.</param>
    /// <param name="digits">Decimals of the second, 1..9.</param>
    public static string Relative(long atNs, long? startNs, int digits = 3)
    {
        if (startNs is not { } start)
        {
            return Utc(atNs)[11..(20 + digits)];
        }

        var seconds = (atNs - start) / 1e9;
        return (seconds < 0 ? "T−" : "T+") + Math.Abs(seconds).ToString($"F{digits}", CultureInfo.InvariantCulture) + HardSpace + "s";
    }

    /// <summary>An instant as ISO 8601 UTC with nanoseconds: <c>2026-11-21T05:12:03.061234567Z</c>.</summary>
    /// <param name="unixNs">Nanoseconds since the Unix epoch.</param>
    public static string Utc(long unixNs)
    {
        var second = Math.DivRem(unixNs, 1_000_000_000, out var fraction);
        if (fraction < 0)
        {
            second--;
            fraction += 1_000_000_000;
        }

        var instant = DateTimeOffset.FromUnixTimeSeconds(second);
        return instant.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + $".{fraction:000000000}Z";
    }

    /// <summary>A count with thin spaces between thousands.</summary>
    public static string Count(long value) =>
        value.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", ThinSpace, StringComparison.Ordinal);

    private static (double Scale, int Decimals, string Unit) Form(long ns) => Math.Abs((double)ns) switch
    {
        0 => (1e6, 1, "ms"),
        < 1e6 => (1e6, 3, "ms"),
        < 10e6 => (1e6, 2, "ms"),
        < 10e9 => (1e6, 1, "ms"),
        _ => (1e9, 2, "s"),
    };

    private static string Number(long ns, double scale, int decimals) =>
        (ns / scale).ToString(decimals switch { 1 => "0.0", 2 => "0.00", _ => "0.000" }, CultureInfo.InvariantCulture).Replace('-', '−');
}

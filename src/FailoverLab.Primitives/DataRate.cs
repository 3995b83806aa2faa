using System.Globalization;

namespace FailoverLab.Primitives;

/// <summary>Bits per second.</summary>
/// <param name="BitsPerSecond">Greater than zero.</param>
public readonly record struct DataRate(long BitsPerSecond)
{
    /// <summary>Reads <c>20Mbit/s</c>, <c>512kbit/s</c>, <c>1.5Gbit/s</c> or <c>9600bit/s</c> (decimal prefixes).</summary>
    /// <param name="text">Number and unit; a rate of zero or below is refused.</param>
    /// <param name="value">The rate, rounded to whole bits per second.</param>
    /// <returns>Whether <paramref name="text"/> is a rate.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DataRate value)
    {
        value = default;
        if (!text.EndsWith("bit/s", StringComparison.Ordinal))
        {
            return false;
        }

        text = text[..^5];
        var scale = text.Length == 0 ? 1 : text[^1] switch { 'k' => 1e3, 'M' => 1e6, 'G' => 1e9, _ => 1 };
        var number = scale > 1 ? text[..^1] : text;
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            || amount * scale is not (>= 1 and <= 1e12))
        {
            return false;
        }

        value = new DataRate((long)Math.Round(amount * scale));
        return true;
    }

    /// <summary>The form <see cref="TryParse"/> reads.</summary>
    public override string ToString()
    {
        var (scale, prefix) = BitsPerSecond switch { >= 1_000_000_000 => (1e9, "G"), >= 1_000_000 => (1e6, "M"), >= 1000 => (1e3, "k"), _ => (1, "") };
        return string.Create(CultureInfo.InvariantCulture, $"{BitsPerSecond / scale:0.######}{prefix}bit/s");
    }
}

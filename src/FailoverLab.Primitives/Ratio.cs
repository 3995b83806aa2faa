using System.Globalization;

namespace FailoverLab.Primitives;

/// <summary>A share, 0..1. Files write it as a percentage: <c>1.5%</c>.</summary>
public readonly record struct Ratio
{
    /// <summary>Makes a share.</summary>
    /// <param name="value">0..1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not in 0..1.</exception>
    public Ratio(double value)
    {
        if (value is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "A ratio lies in 0..1.");
        }

        Value = value;
    }

    /// <summary>0..1.</summary>
    public double Value { get; }

    /// <summary>Reads a percentage of 0 to 100 with its sign: <c>15%</c>, <c>0.25%</c>.</summary>
    /// <param name="text">Number and <c>%</c>; a bare number is refused, because 1 may mean all or a hundredth.</param>
    /// <param name="value">The share.</param>
    /// <returns>Whether <paramref name="text"/> is a percentage in range.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Ratio value)
    {
        value = default;
        if (text.Length < 2 || text[^1] != '%'
            || !double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            || percent is not (>= 0 and <= 100))
        {
            return false;
        }

        value = new Ratio(percent / 100);
        return true;
    }

    /// <summary>The form <see cref="TryParse"/> reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value * 100:0.######}%");
}

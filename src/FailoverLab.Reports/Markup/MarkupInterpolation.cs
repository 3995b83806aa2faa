using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace FailoverLab.Reports;

/// <summary>
/// Fills the holes of <c>$"&lt;td&gt;{value}&lt;/td&gt;"</c>: strings are encoded, numbers are written invariantly, and only
/// <see cref="Markup"/> passes as it is. Forgetting to encode is therefore not possible.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupInterpolation
{
    private readonly StringBuilder _target;

    /// <summary>Called by the compiler.</summary>
    public MarkupInterpolation(int literalLength, int formattedCount, MarkupWriter writer)
    {
        _ = formattedCount;
        _target = writer.Target;
        _target.EnsureCapacity(_target.Length + literalLength);
    }

    /// <summary>The literal parts are ours.</summary>
    public void AppendLiteral(string literal) => _target.Append(literal);

    /// <summary>Markup as it is.</summary>
    public void AppendFormatted(Markup value) => _target.Append(value.Text);

    /// <summary>Any string, encoded; nothing for <see langword="null"/>.</summary>
    public void AppendFormatted(string? value) => MarkupEncoder.Append(_target, value);

    /// <summary>A whole number.</summary>
    public void AppendFormatted(long value) => _target.Append(CultureInfo.InvariantCulture, $"{value}");

    /// <summary>A coordinate, two decimals at most.</summary>
    public void AppendFormatted(double value) => _target.Append(CultureInfo.InvariantCulture, $"{value:0.##}");
}

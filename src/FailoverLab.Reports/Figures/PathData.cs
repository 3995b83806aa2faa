using System.Globalization;
using System.Text;

namespace FailoverLab.Reports;

/// <summary>Writes the <c>d</c> of an SVG path briefly: one decimal, nothing repeated.</summary>
internal sealed class PathData
{
    private readonly StringBuilder _text = new();

    /// <summary>Whether nothing was drawn.</summary>
    public bool IsEmpty => _text.Length == 0;

    /// <summary>Moves the pen.</summary>
    public PathData Move(double x, double y) => Pair('M', x, y);

    /// <summary>Draws to a point.</summary>
    public PathData Line(double x, double y) => Pair('L', x, y);

    /// <summary>Draws level to <paramref name="x"/>.</summary>
    public PathData Across(double x) => One('H', x);

    /// <summary>Draws straight up or down to <paramref name="y"/>.</summary>
    public PathData Upright(double y) => One('V', y);

    /// <summary>A dot: a line of no length, shown by its round cap.</summary>
    public PathData Dot(double x, double y)
    {
        Pair('M', x, y);
        _text.Append("h0");
        return this;
    }

    /// <summary>A small cross.</summary>
    public PathData Cross(double x, double y, double arm)
    {
        Move(x - arm, y - arm).Line(x + arm, y + arm);
        return Move(x - arm, y + arm).Line(x + arm, y - arm);
    }

    /// <summary>Closes the shape.</summary>
    public PathData Close()
    {
        _text.Append('Z');
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private PathData Pair(char command, double x, double y)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{command}{x:0.#} {y:0.#}");
        return this;
    }

    private PathData One(char command, double value)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{command}{value:0.#}");
        return this;
    }
}

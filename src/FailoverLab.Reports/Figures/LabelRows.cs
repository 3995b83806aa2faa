namespace FailoverLab.Reports;

/// <summary>Finds rows for labels so that no two of one row overlap.</summary>
internal sealed class LabelRows
{
    private const double Gap = 8;
    private readonly List<double> _ends = [];

    /// <summary>Rows in use.</summary>
    public int Count => _ends.Count;

    /// <summary>The first row in which a label fits; labels must come in order of their start.</summary>
    /// <param name="start">Left end, user units.</param>
    /// <param name="width">Width, user units.</param>
    public int Place(double start, double width)
    {
        var row = _ends.FindIndex(end => end + Gap <= start);
        if (row < 0)
        {
            row = _ends.Count;
            _ends.Add(0);
        }

        _ends[row] = start + width;
        return row;
    }

    /// <summary>An estimate of a text's width in the figures' small type, user units; on the wide side.</summary>
    public static double WidthOf(string text) => (text.Length * 6.3) + 4;
}

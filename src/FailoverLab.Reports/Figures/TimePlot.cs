using System.Globalization;

namespace FailoverLab.Reports;

/// <summary>The frame of a figure over the run's time: scale, grid, axis, and what the page's script needs to zoom it.</summary>
/// <param name="Id">The figure's id.</param>
/// <param name="X">Seconds after the run's start to user units.</param>
/// <param name="Top">Top of the plot.</param>
/// <param name="Bottom">Bottom of the plot.</param>
internal sealed record TimePlot(string Id, LinearScale X, double Top, double Bottom)
{
    /// <summary>Opens the frame: clip path, grid and axis. Shapes that zoom come after it, inside <see cref="OpenZoom"/>.</summary>
    public void Frame(MarkupWriter w)
    {
        w.Line($"""<clipPath id="{Id}-clip"><rect x="{X.At}" y="0" width="{X.Length}" height="{Bottom + 2}"/></clipPath>""");
        w.Add($"""<g class="axis" data-axis="time" data-left="{X.At}" data-width="{X.Length}" data-from="{Exact(X.From)}" data-to="{Exact(X.To)}" """);
        w.Line($"""data-top="{Top}" data-bottom="{Bottom}">""");
        foreach (var tick in X.Ticks(12))
        {
            var at = X.Map(tick);
            w.Line($"""<line class="grid" x1="{at}" x2="{at}" y1="{Top}" y2="{Bottom}"/><text class="tick" x="{at}" y="{Bottom + 16}" text-anchor="middle">{Seconds(tick)}</text>""");
        }

        w.Line($"""</g><line class="base" x1="{X.At}" x2="{X.At + X.Length}" y1="{Bottom}" y2="{Bottom}"/>""");
    }

    /// <summary>Opens the group whose content is scaled in x when the reader zooms.</summary>
    public void OpenZoom(MarkupWriter w) => w.Line($"""<g clip-path="url(#{Id}-clip)"><g class="zoom">""");

    /// <summary>Closes it.</summary>
    public static void CloseZoom(MarkupWriter w) => w.Line($"</g></g>");

    private static string Exact(double value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    private static string Seconds(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + " s";
}

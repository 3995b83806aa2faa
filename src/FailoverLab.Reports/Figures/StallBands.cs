using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Times in which the machine itself stood still or was busy, shaded behind what was measured then.</summary>
internal static class StallBands
{
    private const double Narrowest = 1.5;

    /// <summary>Draws them over the plot's height; inside the zoomed group.</summary>
    public static void Draw(MarkupWriter w, RunResult result, TimePlot plot)
    {
        var time = RunTime.Of(result);
        foreach (var stall in TellingStalls.Of(result))
        {
            var from = plot.X.Clamp(time.Seconds(stall.AtNs));
            var to = plot.X.Clamp(time.Seconds(stall.AtNs + stall.DurationNs));
            var words = stall.Urgent ? "the machine stood still for" : "programs waited for a processor for";
            w.Line($"""<rect class="stall" x="{from}" y="{plot.Top}" width="{Math.Max(Narrowest, to - from)}" height="{plot.Bottom - plot.Top}"><title>{TimeWords.Relative(stall.AtNs, result.StartNs)}: {words} {TimeWords.Duration(stall.DurationNs)}</title></rect>""");
        }
    }
}

using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>Which path carried the flows at an instant.</summary>
internal static class WorkingPath
{
    /// <summary>The path that carried the last packets at or before <paramref name="atNs"/>.</summary>
    /// <param name="result">The run.</param>
    /// <param name="flow">Flow looked at, or <see langword="null"/> for all, which must agree.</param>
    /// <param name="atNs">Instant, ns since the Unix epoch.</param>
    /// <returns>Path name, several joined by <c>+</c> when flows disagree, or <see langword="null"/> when nothing was carried.</returns>
    public static string? At(RunResult result, string? flow, long atNs)
    {
        var paths = result.Flows
            .Where(f => f.Series is not null && (flow is null || f.Id == flow))
            .Select(f => LastPath(f.Series!, atNs))
            .Where(index => index >= 0)
            .Distinct()
            .Select(index => result.Paths[index].Name)
            .Order(StringComparer.Ordinal)
            .ToList();
        return paths.Count == 0 ? null : string.Join('+', paths);
    }

    private static int LastPath(FlowSeries series, long atNs)
    {
        var last = atNs == long.MaxValue ? series.Path.Count - 1 : (int)Math.Clamp((atNs - series.StartNs) / series.BinNs, -1, series.Path.Count - 1);
        for (var bin = last; bin >= 0; bin--)
        {
            if (series.Path[bin] >= 0)
            {
                return series.Path[bin];
            }
        }

        return -1;
    }
}

namespace FailoverLab.Reports;

/// <summary>Writes one report over several runs: what each showed, and what they prove together.</summary>
public static class MergedReport
{
    /// <summary>Writes <c>report.html</c> and <c>plots/spread.svg</c>; what stands there is replaced. Equal input gives equal bytes.</summary>
    /// <param name="runs">One or more runs, in the order to show them.</param>
    /// <param name="directory">Where to; made when missing. Not a run's own directory, whose report would be replaced.</param>
    /// <returns>Path of the page.</returns>
    /// <exception cref="IOException">The disk is full or the directory cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public static string Write(IReadOnlyList<ReportInput> runs, string directory)
    {
        var table = RepeatTable.Of(runs);
        var figure = SpreadFigure.Of(table);
        var plots = Path.Combine(directory, "plots");
        Directory.CreateDirectory(plots);
        if (figure is not null)
        {
            File.WriteAllText(Path.Combine(plots, figure.Id + ".svg"), figure.File());
        }

        var path = Path.Combine(directory, "report.html");
        File.WriteAllText(path, MergedPage.Html(Title(runs), table, figure));
        return path;
    }

    /// <summary>The page alone.</summary>
    public static string Html(IReadOnlyList<ReportInput> runs)
    {
        var table = RepeatTable.Of(runs);
        return MergedPage.Html(Title(runs), table, SpreadFigure.Of(table));
    }

    private static string Title(IReadOnlyList<ReportInput> runs)
    {
        var names = runs.Select(r => r.Result?.Scenario).OfType<string>().Distinct().ToList();
        return $"{(names.Count == 0 ? "runs" : string.Join(", ", names))}, {runs.Count} runs";
    }
}

namespace FailoverLab.Reports;

/// <summary>Writes the report of one run: <c>report.html</c>, one file that opens from disk, and <c>plots/*.svg</c>, each figure by itself.</summary>
public static class ReportWriter
{
    /// <summary>Writes all files; what stands there is replaced. Equal input gives equal bytes.</summary>
    /// <param name="input">The run.</param>
    /// <param name="directory">The run directory; made when missing.</param>
    /// <returns>Path of the page.</returns>
    /// <exception cref="IOException">The disk is full or the directory cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public static string Write(ReportInput input, string directory)
    {
        ArgumentNullException.ThrowIfNull(input);
        var page = new RunPage(input);
        var plots = Path.Combine(directory, "plots");
        Directory.CreateDirectory(plots);
        foreach (var figure in page.Figures)
        {
            File.WriteAllText(Path.Combine(plots, figure.Id + ".svg"), figure.File());
        }

        var path = Path.Combine(directory, "report.html");
        File.WriteAllText(path, page.Html());
        return path;
    }

    /// <summary>The page alone.</summary>
    public static string Html(ReportInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new RunPage(input).Html();
    }
}

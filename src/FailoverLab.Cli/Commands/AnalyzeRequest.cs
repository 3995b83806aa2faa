using FailoverLab.Analysis;

namespace FailoverLab.Cli;

/// <summary>What <c>analyze</c> was asked: which captures, and what is known about them.</summary>
/// <param name="Captures">Captures of anything.</param>
/// <param name="Sent">Captures at hosts that send.</param>
/// <param name="Received">Captures at hosts that receive.</param>
/// <param name="Paths">Captures on paths as <c>NAME=CAPTURE</c>; the same name twice = the path's two ends.</param>
internal sealed record AnalyzeRequest(
    IReadOnlyList<string> Captures, IReadOnlyList<string> Sent, IReadOnlyList<string> Received, IReadOnlyList<string> Paths)
{
    /// <summary>Every fault of the request, one line each; none = it can be run.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Captures.Count + Sent.Count + Received.Count + Paths.Count == 0) faults.Add("no capture was named: analyze CAPTURE…");
        foreach (var text in Paths.Where(p => p.IndexOf('=', StringComparison.Ordinal) <= 0)) faults.Add($"--path {text}: write --path NAME=CAPTURE");
        foreach (var group in Named().GroupBy(p => p.Name).Where(g => g.Count() > 2)) faults.Add($"--path {group.Key}: a path has two ends, {group.Count()} captures were given");
        faults.AddRange(Files().Where(f => !File.Exists(f)).Select(f => $"'{f}' does not exist"));
        return faults;
    }

    /// <summary>The captures with their points.</summary>
    public IReadOnlyList<CaptureInput> Inputs() =>
    [
        .. Captures.Select(f => new CaptureInput(f, f)),
        .. Ends().Distinct().Select(f => new CaptureInput(f, f, PointOf(f))),
        .. Named().Select(p => p.File).Except(Ends()).Distinct().Select(f => new CaptureInput(f, f, PointOf(f))),
    ];

    /// <summary>What is known beside them.</summary>
    public AnalysisContext Context() => AnalysisContext.Empty with
    {
        EndPoints = Ends().Any() ? Ends().Select(PointOf).ToHashSet(StringComparer.Ordinal) : null,
        Paths = [.. Named().GroupBy(p => p.Name).Select(g => new PathContext(g.Key, PointOf(g.First().File), g.Count() > 1 ? PointOf(g.Last().File) : null))],
    };

    /// <summary>A point is called by its file's name, by the whole path where two files have one name.</summary>
    private string PointOf(string file) => Files().Count(f => Path.GetFileName(f) == Path.GetFileName(file)) == 1 ? Path.GetFileName(file) : file;

    private IEnumerable<string> Ends() => Sent.Concat(Received);

    private IEnumerable<string> Files() => Captures.Concat(Ends()).Concat(Named().Select(p => p.File)).Distinct();

    private IEnumerable<(string Name, string File)> Named() =>
        Paths.Select(p => (Text: p, At: p.IndexOf('=', StringComparison.Ordinal))).Where(p => p.At > 0).Select(p => (p.Text[..p.At], p.Text[(p.At + 1)..]));
}

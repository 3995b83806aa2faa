using FailoverLab.Analysis;
using FailoverLab.Packets;

namespace FailoverLab.Cli;

/// <summary>What <c>analyze</c> was asked: which captures, and what is known about them.</summary>
/// <param name="Captures">Captures of anything.</param>
/// <param name="Sent">Captures at hosts that send.</param>
/// <param name="Received">Captures at hosts that receive.</param>
/// <param name="Paths">Captures on paths as <c>NAME=CAPTURE</c>; the same name again = the path's other end, or more of a ring set.</param>
/// <param name="Copy">Where the annotated copy goes; absent = none is made.</param>
internal sealed record AnalyzeRequest(
    IReadOnlyList<string> Captures, IReadOnlyList<string> Sent, IReadOnlyList<string> Received, IReadOnlyList<string> Paths, string? Copy = null)
{
    private const int EndsOfAPath = 2;

    private Dictionary<string, string>? _points;

    /// <summary>Every fault of the request, one line each; none = it can be run.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Captures.Count + Sent.Count + Received.Count + Paths.Count == 0) faults.Add("no capture was named: analyze CAPTURE…");
        foreach (var text in Paths.Where(p => p.IndexOf('=', StringComparison.Ordinal) <= 0)) faults.Add($"--path {text}: write --path NAME=CAPTURE");
        foreach (var path in Named().Where(p => p.Files.TrueForAll(File.Exists) && Ends(p.Files).Count > EndsOfAPath))
            faults.Add($"--path {path.Name}: a path has two ends, captures of {Ends(path.Files).Count} points were given");
        if (Copy is not null)
        {
            var target = CaptureLocation.Resolve(Copy);
            faults.AddRange(Files().Where(f => CaptureLocation.Resolve(f) == target).Select(f => $"--annotate {Copy}: is the capture '{f}' itself; name another file"));
            faults.AddRange(Files().Where(f => File.Exists(f) && !CaptureLocation.CanBeReadAgain(f))
                .Select(f => $"--annotate reads captures twice, and '{f}' gives its packets once: write them to a file first"));
        }

        faults.AddRange(Files().Where(f => !File.Exists(f)).Select(f => $"'{f}' does not exist"));
        return faults;
    }

    /// <summary>The captures with their points; a file named twice is one.</summary>
    public IReadOnlyList<CaptureInput> Inputs() => [.. Files().DistinctBy(CaptureLocation.Resolve).Select(f => new CaptureInput(f, f, PointOf(f)))];

    /// <summary>What is known beside them.</summary>
    public AnalysisContext Context() => AnalysisContext.Empty with
    {
        ClocksAreUnknown = true,
        SendingPoints = PointsOf(Sent),
        ReceivingPoints = PointsOf(Received),
        Paths = [.. Named().Select(p => (p.Name, Ends: Ends(p.Files))).Select(p => new PathContext(p.Name, PointOf(p.Ends[0][0])!, p.Ends.Count > 1 ? PointOf(p.Ends[1][0]) : null))],
    };

    private HashSet<string>? PointsOf(IReadOnlyList<string> files) => files.Count == 0 ? null : files.Select(f => PointOf(f)!).ToHashSet(StringComparer.Ordinal);

    /// <summary>The point of a file that an end or a path was named for; absent = the file tells.</summary>
    private string? PointOf(string file) => (_points ??= Points()).GetValueOrDefault(CaptureLocation.Resolve(file));

    private Dictionary<string, string> Points()
    {
        var points = new Dictionary<string, string>(StringComparer.Ordinal);
        var sides = Distinct(Sent.Concat(Received)).GroupBy(f => (IsIn(Sent, f), IsIn(Received, f))).SelectMany(g => CaptureRings.Of([.. g]));
        foreach (var ring in sides.Concat(Named().SelectMany(p => Ends(p.Files))))
        {
            foreach (var file in ring.Select(CaptureLocation.Resolve)) points.TryAdd(file, NameOf(ring[0]));
        }

        return points;
    }

    /// <summary>A point is called by its file's name, by the whole path where two files have one name.</summary>
    private string NameOf(string file) => Distinct(Files()).Count(f => Path.GetFileName(f) == Path.GetFileName(file)) == 1 ? Path.GetFileName(file) : file;

    /// <summary>The files of each end of a path: two files are the two ends, more are ring sets.</summary>
    private static IReadOnlyList<IReadOnlyList<string>> Ends(List<string> files) => files.Count <= EndsOfAPath ? [.. files.Select(f => new[] { f })] : CaptureRings.Of(files);

    private IEnumerable<string> Files() => Captures.Concat(Sent).Concat(Received).Concat(Named().SelectMany(p => p.Files)).Distinct();

    private static bool IsIn(IReadOnlyList<string> files, string file) => files.Any(f => CaptureLocation.Resolve(f) == CaptureLocation.Resolve(file));

    private static List<string> Distinct(IEnumerable<string> files) => [.. files.DistinctBy(CaptureLocation.Resolve)];

    private IEnumerable<(string Name, List<string> Files)> Named() =>
        Paths.Select(p => (Text: p, At: p.IndexOf('=', StringComparison.Ordinal))).Where(p => p.At > 0)
            .GroupBy(p => p.Text[..p.At], p => p.Text[(p.At + 1)..]).Select(g => (g.Key, Distinct(g)));
}

using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Lines of a trace file with their numbers, and the faults found in them.</summary>
internal sealed class TraceLines(string file, DiagnosticBag bag)
{
    private int _faults;

    /// <summary>Whether a fault was found.</summary>
    public bool HasFaults => _faults > 0;

    /// <summary>Whether so many were found that reading on says nothing new.</summary>
    public bool IsHopeless => _faults >= TraceFile.MostFaults;

    /// <summary>Lines that hold something, without comments (<c>#</c>).</summary>
    public static IEnumerable<(int Number, string Text)> Of(string text) =>
        text.ReplaceLineEndings("\n").Split('\n').Select((line, i) => (i + 1, line)).Where(l => l.line.AsSpan().Trim() is { IsEmpty: false } held && held[0] != '#');

    /// <summary>Reports a fault.</summary>
    public void Fault(string code, int line, int column, string message, string? hint = null)
    {
        if (_faults++ < TraceFile.MostFaults)
        {
            bag.Error(code, new SourcePosition(file, line, column), message, hint);
        }
    }

    /// <summary>Text cut to what a message can hold.</summary>
    public static string Shorten(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) is { Length: > 40 } longer ? longer[..37] + "..." : string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
}

namespace FailoverLab.Primitives;

/// <summary>Collects every fault of one reading, so that a person sees all of them at once. Not thread-safe.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _items = [];

    /// <summary>Whether anything found forbids starting.</summary>
    public bool HasErrors => _items.Any(d => d.Severity == Severity.Error);

    /// <summary>All faults, sorted by file, line and column.</summary>
    public IReadOnlyList<Diagnostic> Sorted() =>
        [.. _items.OrderBy(d => d.Position.File, StringComparer.Ordinal)
            .ThenBy(d => d.Position.Line)
            .ThenBy(d => d.Position.Column)];

    /// <summary>Adds an error.</summary>
    public void Error(string code, SourcePosition position, string message, string? hint = null) =>
        _items.Add(new Diagnostic(code, Severity.Error, position, message, hint));

    /// <summary>Adds a warning.</summary>
    public void Warning(string code, SourcePosition position, string message, string? hint = null) =>
        _items.Add(new Diagnostic(code, Severity.Warning, position, message, hint));
}

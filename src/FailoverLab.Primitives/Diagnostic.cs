namespace FailoverLab.Primitives;

/// <summary>One fault in a file a person wrote: what was seen, what is allowed, and what to do.</summary>
/// <param name="Code">Stable code, <c>FL</c> and four digits, documented in docs/SCENARIOS.md.</param>
/// <param name="Severity">Whether the run may start all the same.</param>
/// <param name="Position">Where the fault stands.</param>
/// <param name="Message">What was seen and what is allowed; one sentence, values quoted, units printed.</param>
/// <param name="Hint">The cure, or <see langword="null"/> where the message already names it.</param>
public sealed record Diagnostic(string Code, Severity Severity, SourcePosition Position, string Message, string? Hint = null)
{
    /// <summary>One line: place, severity, code, message and cure.</summary>
    public override string ToString() =>
        $"{Position}: {(Severity == Severity.Error ? "error" : "warning")} {Code}: {Message}{(Hint is null ? "" : $" ({Hint})")}";
}

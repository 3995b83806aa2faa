namespace FailoverLab.Primitives;

/// <summary>How much a <see cref="Diagnostic"/> stands in the way.</summary>
public enum Severity
{
    /// <summary>The run may start; the reader should know.</summary>
    Warning,

    /// <summary>Nothing is started.</summary>
    Error,
}

namespace FailoverLab.Primitives;

/// <summary>A place in a text file a person wrote.</summary>
/// <param name="File">Path as the person gave it; never empty.</param>
/// <param name="Line">1-based line; 0 when the fault concerns the whole file.</param>
/// <param name="Column">1-based column in characters; 0 when the fault concerns the whole line or file.</param>
public readonly record struct SourcePosition(string File, int Line, int Column)
{
    /// <summary>The place of a fault that concerns a file as a whole (missing, empty, not text).</summary>
    public static SourcePosition WholeFile(string file) => new(file, 0, 0);

    /// <summary>The form editors jump to: <c>file:line:column</c>, or the file alone.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}

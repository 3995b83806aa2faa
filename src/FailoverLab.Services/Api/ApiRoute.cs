namespace FailoverLab.Services;

/// <summary>
/// One method of one path: what is served, what is documented and what is tested are made of the same list of these.
/// </summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path; at most one parameter, in braces.</param>
/// <param name="Need">What it asks of its caller.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Handle">Answers a request.</param>
internal sealed record ApiRoute(string Method, string Path, AccessNeed Need, string Summary, Func<ApiCall, Task> Handle)
{
    /// <summary>Members of the body; <see langword="null"/> when none is read.</summary>
    public IReadOnlyList<ApiField>? Body { get; init; }

    /// <summary>Members of the answer with status 200; <see langword="null"/> for a text.</summary>
    public IReadOnlyList<ApiField>? Answer { get; init; }

    /// <summary>Type of an answer that is not a JSON object.</summary>
    public string? AnswerType { get; init; }

    /// <summary>Status codes it answers with besides 200 and those every route has, and why.</summary>
    public IReadOnlyDictionary<int, string> Faults { get; init; } = new Dictionary<int, string>();

    /// <summary>Name of the path's parameter; <see langword="null"/> without one.</summary>
    public string? Parameter => Path.IndexOf('{', StringComparison.Ordinal) is var open and >= 0 ? Path[(open + 1)..Path.IndexOf('}', StringComparison.Ordinal)] : null;
}

namespace FailoverLab.Scenarios;

/// <summary>The keys one mapping may hold.</summary>
/// <param name="Name">Its name in the schema.</param>
/// <param name="Title">What the mapping is, as headings and the reader's messages name it.</param>
/// <param name="Keys">Its keys, in the order the reader asks for them.</param>
internal sealed record KeyGroup(string Name, string Title, params IReadOnlyList<KeySpec> Keys)
{
    /// <summary>Keys of which exactly one must be there; empty for most mappings.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];
}

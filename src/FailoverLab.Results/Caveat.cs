namespace FailoverLab.Results;


/// <summary>Something that limits trust in figures.</summary>
/// <param name="Code">Stable code, kebab-case.</param>
/// <param name="Text">What happened, in a sentence.</param>
/// <param name="Affects">Names of the figures, flows, captures or hosts concerned.</param>
public sealed record Caveat(string Code, string Text, IReadOnlyList<string> Affects);

namespace FailoverLab.Results;


/// <summary>Something that limits trust in figures.</summary>
/// <param name="Code">Stable code, kebab-case.</param>
/// <param name="Text">What happened, in a sentence.</param>
/// <param name="Affects">Names of the figures, flows, captures or hosts concerned.</param>
public sealed record Caveat(string Code, string Text, IReadOnlyList<string> Affects)
{
    /// <summary>Code of a link that nobody holds against what it was asked; docs/RESULTS.md says why that may be.</summary>
    public const string LinkNotAudited = "link-not-audited";
}

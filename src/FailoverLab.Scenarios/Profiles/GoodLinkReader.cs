using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads what a link is when nothing is wrong: a profile by name or file, or written out for both directions.</summary>
internal sealed class GoodLinkReader(DiagnosticBag bag, ProfileFinder profiles)
{
    /// <summary>Reads it.</summary>
    /// <param name="value">The key <c>profile</c> of a link; names are looked for in <c>profiles/</c> beside its file, and beside that folder's parent in <c>lab/</c>.</param>
    /// <returns>Every value set, each way; perfect where nothing is written.</returns>
    public (LinkChange Up, LinkChange Down) Read(ValueReader value)
    {
        var good = LinkChange.Good;
        if (value.IsText)
        {
            return profiles.Find(value, Folder(value)) is { } named ? (good.With(named.Up), good.With(named.Down)) : (good, good);
        }
        if (!value.IsPresent || value.Mapping("a profile") is not { } profile)
        {
            return (good, good);
        }
        var both = good.With(new ImpairmentReader(bag).Read(profile, good));
        profile.Finish();
        return (both, both);
    }

    /// <summary>The profile as written, on one line; a name or file as the absolute path of its file. Null when nothing is written.</summary>
    internal static string? Written(ValueReader value) => value switch
    {
        { IsPresent: false } => null,
        { IsText: true, Node: YamlScalar { Text: var text } } => text.Contains('\0', StringComparison.Ordinal) ? null : YamlWriter.Scalar(Path.GetFullPath(ProfileFinder.IsPath(text)
            ? Path.Combine(Path.GetDirectoryName(value.Position.File) ?? "", text)
            : Path.Combine(Folder(value), text + ProfileFinder.Ending))),
        { Node: YamlMapping mapping } => YamlWriter.Flow(mapping),
        _ => null,
    };

    private static string Folder(ValueReader value)
    {
        var beside = Path.GetDirectoryName(value.Position.File) ?? "";
        var own = Path.Combine(beside, "profiles");
        return Directory.Exists(own) ? own : Path.Combine(beside, "lab", "profiles");
    }
}

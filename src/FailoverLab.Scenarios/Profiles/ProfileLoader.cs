using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads a profile file alone, for a link that stands without a lab.</summary>
public static class ProfileLoader
{
    /// <summary>Where profiles that are named without a path are looked for, from the working directory.</summary>
    public const string DefaultDirectory = "lab/profiles";

    /// <summary>Whether a file is a profile: it has impairments for a direction, and no steps.</summary>
    /// <param name="path">Path as the person gave it; a file that cannot be read is none.</param>
    public static bool IsProfile(string path) => ProfileReader.IsProfile(YamlReader.ReadFile(path, new DiagnosticBag()));

    /// <summary>Reads a profile; starts nothing.</summary>
    /// <param name="profile">A file, or the name of one in <see cref="DefaultDirectory"/>.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <returns>The profile, or <see langword="null"/> when there is none to use; then a fault was reported.</returns>
    public static LinkProfile? Load(string profile, DiagnosticBag bag)
    {
        var path = File.Exists(profile) || ProfileFinder.IsPath(profile) ? profile : Path.Combine(DefaultDirectory, profile + ProfileFinder.Ending);
        var errors = bag.HasErrors;
        var read = new ProfileReader(bag).Read(YamlReader.ReadFile(path, bag), path);
        return bag.HasErrors && !errors ? null : read;
    }
}

using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Finds and reads the profiles that other files name; each file is read once.</summary>
internal sealed class ProfileFinder(DiagnosticBag bag)
{
    public const string Ending = ".yaml";
    private readonly Dictionary<string, LinkProfile?> _read = new(StringComparer.Ordinal);

    /// <summary>Whether a profile is named by its file rather than by its name.</summary>
    public static bool IsPath(string profile) => profile.Contains('/', StringComparison.Ordinal) || profile.EndsWith(Ending, StringComparison.Ordinal) || profile.EndsWith(".yml", StringComparison.Ordinal);

    /// <summary>Finds a profile.</summary>
    /// <param name="value">Names it: a file beside the one that names it, or a name.</param>
    /// <param name="directory">Where names are looked for.</param>
    public LinkProfile? Find(ValueReader value, string directory)
    {
        if (value.Text(t => !t.Contains('\0', StringComparison.Ordinal), "a profile's name or file") is not { } text)
        {
            return null;
        }
        var path = IsPath(text) ? Path.Combine(Path.GetDirectoryName(value.Position.File) ?? "", text) : Path.Combine(directory, text + Ending);
        if (_read.TryGetValue(path, out var known))
        {
            return known;
        }
        if (!File.Exists(path))
        {
            Unknown(value, text, directory);
            return null;
        }
        return _read[path] = new ProfileReader(bag).Read(YamlReader.ReadFile(path, bag), path);
    }

    private static void Unknown(ValueReader value, string text, string directory)
    {
        if (IsPath(text))
        {
            value.Error(ScenarioCodes.UnknownProfile, $"there is no profile file '{text.ReplaceLineEndings(" ")}'", "its name is relative to the file that names it");
            return;
        }
        var names = Directory.Exists(directory)
            ? Directory.EnumerateFiles(directory, "*" + Ending).Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal).ToList()
            : [];
        value.Error(ScenarioCodes.UnknownProfile, $"there is no profile '{text.ReplaceLineEndings(" ")}'; known: {(names.Count > 0 ? string.Join(", ", names) : $"none in {directory}")}",
            NearestName.Find(text, names) is { } near ? $"did you mean '{near}'?" : null);
    }
}

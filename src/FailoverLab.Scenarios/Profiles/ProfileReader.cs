using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads a profile file.</summary>
internal sealed class ProfileReader(DiagnosticBag bag)
{
    private readonly ImpairmentReader _impairments = new(bag);

    /// <summary>Whether a file is a profile, by the keys no other file has.</summary>
    public static bool IsProfile(YamlNode? root) =>
        root is YamlMapping mapping && (mapping.TryGet("both", out _) || mapping.TryGet("up", out _) || mapping.TryGet("down", out _)) && !mapping.TryGet("steps", out _);

    /// <summary>Reads a profile.</summary>
    /// <param name="root">The file's root; null when it could not be read.</param>
    /// <param name="path">The file.</param>
    public LinkProfile? Read(YamlNode? root, string path)
    {
        if (MappingReader.Open(root, bag, "the profile file") is not { } reader)
        {
            return null;
        }
        VersionRule.Check(reader);
        var name = reader.Require("name").Text(NameForm.IsProfile, NameForm.ProfileWords);
        var description = reader.Optional("description").Text() ?? "";
        var source = reader.Require("source").Text() ?? "";
        var good = LinkChange.Good with { Carrier = null };
        var both = Values(reader.Optional("both"), good);
        var up = Values(reader.Optional("up"), both);
        var down = Values(reader.Optional("down"), both);
        reader.Finish();
        if (name is not null && name != Path.GetFileNameWithoutExtension(path))
        {
            bag.Error(ScenarioCodes.ProfileName, reader.PositionOf("name"), $"the profile is named '{name}', its file '{Path.GetFileName(path)}'", $"files name profiles by the file: write name: {Path.GetFileNameWithoutExtension(path)}");
        }
        return !reader.IsComplete ? null : new LinkProfile
        {
            Name = name ?? Path.GetFileNameWithoutExtension(path),
            Description = description.ReplaceLineEndings(" ").Trim(),
            Source = source.ReplaceLineEndings(" ").Trim(),
            File = path,
            Up = up,
            Down = down,
        };
    }

    /// <summary>One direction's values on top of others; a queue nobody named grows with the delay.</summary>
    private LinkChange Values(ValueReader value, LinkChange basis)
    {
        if (!value.IsPresent || value.Mapping("a profile") is not { } reader)
        {
            return basis;
        }
        var change = _impairments.Read(reader, basis);
        reader.Finish();
        return basis.With(change);
    }
}

using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads the keys that say how ssh reaches a host; the same for one host and for all of them.</summary>
internal sealed class SshReader(DiagnosticBag bag)
{
    /// <summary>Words for the use of our agent.</summary>
    public static IReadOnlyDictionary<string, AgentUse> AgentWords { get; } = new Dictionary<string, AgentUse>(StringComparer.Ordinal)
    {
        ["auto"] = AgentUse.Auto,
        ["yes"] = AgentUse.Yes,
        ["no"] = AgentUse.No,
    };

    private static readonly string[] Keys = ["address", "user", "port", "identity", "config", "known_hosts", "jump", "options", "shell", "sudo", "agent", "agent_file", "password"];

    /// <summary>Reads the keys out of a mapping that may hold others too.</summary>
    /// <param name="from">The mapping; not finished here.</param>
    /// <param name="isOneHost">Whether it is one host, which alone has an address.</param>
    public SshConfig Read(MappingReader from, bool isOneHost)
    {
        var first = from.Entries.FirstOrDefault(e => Keys.Contains(e.Key.Text) && (isOneHost || e.Key.Text != "address"));
        return new SshConfig
        {
            Address = isOneHost ? from.Optional("address").Text(SshForm.IsAddress, SshForm.AddressWords) : null,
            User = from.Optional("user").Text(SshForm.IsUser, SshForm.UserWords),
            Port = (int?)from.Optional("port").WholeNumber(1, 65_535),
            Identity = FileName(from.Optional("identity")),
            ConfigFile = FileName(from.Optional("config")),
            KnownHosts = FileName(from.Optional("known_hosts")),
            Jump = from.Optional("jump").Text(SshForm.IsJump, SshForm.JumpWords),
            Options = [.. Options(from.Optional("options"))],
            Shell = from.Optional("shell").Text(SshForm.IsShell, SshForm.ShellWords),
            Sudo = from.Optional("sudo").Flag(),
            Agent = from.Optional("agent").OneOf(AgentWords),
            AgentFile = FileName(from.Optional("agent_file")),
            Password = Secret(from.Optional("password")),
            FirstKey = first?.Key.Position,
        };
    }

    /// <summary>A file's name, made absolute from the directory of the file it stands in; <c>~/</c> stays.</summary>
    public static string? FileName(ValueReader value) => value.Text() is { } text ? FileName(value, text) : null;

    /// <summary>As <see cref="FileName(ValueReader)"/>, for a name cut out of a longer text.</summary>
    public static string? FileName(ValueReader value, string text)
    {
        // What counts is the whole name: a directory above this file could hold a token of ssh as well.
        var path = SshForm.IsFile(text) && !text.StartsWith("~/", StringComparison.Ordinal)
            ? Path.GetFullPath(text, Path.GetDirectoryName(Path.GetFullPath(value.Position.File)) ?? "/")
            : text;
        if (SshForm.IsFile(path))
        {
            return path;
        }

        value.Error(YamlCodes.Form, $"{value.What} '{SshForm.Shown(path)}' is not {SshForm.FileWords}");
        return null;
    }

    /// <summary>A secret by reference. What stands here in place of one may be the secret itself, so no message repeats it.</summary>
    public static SecretReference? Secret(ValueReader value)
    {
        if (value.Text() is not { } text)
        {
            return null;
        }

        if (!SecretReference.TryParse(text, out var reference))
        {
            value.Error(ScenarioCodes.SecretInFile, $"{value.What} is no reference; a secret never stands in the file itself", "write env:NAME for an environment variable, or file:PATH for a file that only you can read");
            return null;
        }

        if (reference.Source == SecretSource.Environment)
        {
            return reference;
        }

        return FileName(value, reference.Name) is { } path ? reference with { Name = path.StartsWith("~/", StringComparison.Ordinal) ? Home(path) : path } : null;
    }

    private IEnumerable<SshOption> Options(ValueReader value)
    {
        foreach (var (key, entry) in value.Entries())
        {
            if (entry.Text() is { } text && SshOptions.Read(key.Text, text, (code, message, hint) => bag.Error(code, key.Position, message, hint)) is { } option)
            {
                yield return option;
            }
        }
    }

    private static string Home(string path) => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]);
}

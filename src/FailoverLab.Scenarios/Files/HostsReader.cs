using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads hosts.yaml.</summary>
internal sealed class HostsReader(DiagnosticBag bag)
{
    /// <summary>Words for transports.</summary>
    public static IReadOnlyDictionary<string, HostTransport> Transports { get; } = new Dictionary<string, HostTransport>(StringComparer.Ordinal)
    {
        ["local"] = HostTransport.Local,
        ["netns"] = HostTransport.Netns,
        ["ssh"] = HostTransport.Ssh,
    };

    private readonly SshReader _ssh = new(bag);

    public HostsConfig? Read(YamlNode? root)
    {
        if (MappingReader.Open(root, bag, "the hosts file") is not { } reader)
        {
            return null;
        }
        VersionRule.Check(reader);
        var lab = reader.Optional("lab");
        var config = new HostsConfig
        {
            LabFile = lab.Text(),
            LabPosition = lab.Position,
            Ssh = Ssh(reader.Optional("ssh")),
            Hosts = [.. Hosts(reader.Require("hosts"))],
            Groups = [.. Groups(reader.Optional("groups"))],
            Links = [.. new LinkMapReader(bag).Read(reader.Optional("links"))],
            Pve = [.. new PveReader(bag).Read(reader.Optional("pve"))],
            IsComplete = reader.IsComplete,
        };
        reader.Finish();
        return config;
    }

    private SshConfig Ssh(ValueReader value)
    {
        if (!value.IsPresent || value.Mapping("the ssh section") is not { } section)
        {
            return SshConfig.Nothing;
        }
        var ssh = _ssh.Read(section, isOneHost: false);
        section.Finish();
        return ssh;
    }

    private IEnumerable<HostsConfig.HostConfig> Hosts(ValueReader hosts)
    {
        // A bare alias from an ssh_config is a host: as list entry or as key without value.
        if (hosts.Node is YamlSequence)
        {
            foreach (var alias in hosts.Items())
            {
                if (alias.Text(NameForm.IsHost, NameForm.HostWords) is { } name)
                {
                    yield return new HostsConfig.HostConfig(name, null, null, alias.Position);
                }
            }
            yield break;
        }
        foreach (var (key, value) in hosts.Entries())
        {
            CheckName(key, NameForm.IsHost, NameForm.HostWords);
            if (value.IsEmpty)
            {
                yield return new HostsConfig.HostConfig(key.Text, null, null, key.Position);
            }
            else if (value.Mapping($"host '{key.Text}'") is { } host)
            {
                var transport = host.Optional("transport").OneOf(Transports);
                var role = host.Optional("role").Text(NameForm.IsNode, "a role (1 to 32 of a-z 0-9 -)");
                var ssh = _ssh.Read(host, isOneHost: true);
                var station = new StationReader(bag).Read(host);
                host.Finish();
                yield return new HostsConfig.HostConfig(key.Text, transport, role, key.Position) { Ssh = ssh, Station = station };
            }
            else
            {
                yield return new HostsConfig.HostConfig(key.Text, null, null, key.Position);
            }
        }
    }

    private IEnumerable<HostsConfig.GroupConfig> Groups(ValueReader groups)
    {
        foreach (var (key, value) in groups.Entries())
        {
            CheckName(key, NameForm.IsGroup, NameForm.GroupWords);
            yield return new HostsConfig.GroupConfig(key.Text, value.OneOrMany(), key.Position);
        }
    }

    private void CheckName(YamlScalar key, Func<string, bool> isAllowed, string words)
    {
        if (!isAllowed(key.Text))
        {
            bag.Error(YamlCodes.Form, key.Position, $"'{key.Text.ReplaceLineEndings(" ")}' is not {words}");
        }
    }
}

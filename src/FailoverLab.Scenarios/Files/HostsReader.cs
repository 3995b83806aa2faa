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
            Hosts = [.. Hosts(reader.Require("hosts"))],
            Groups = [.. Groups(reader.Optional("groups"))],
            Links = [.. Links(reader.Optional("links"))],
            IsComplete = reader.IsComplete,
        };
        reader.Finish();
        return config;
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
                host.Finish();
                yield return new HostsConfig.HostConfig(key.Text, transport, role, key.Position);
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
            CheckName(key, NameForm.IsNode, "a group name (1 to 32 of a-z 0-9 -)");
            yield return new HostsConfig.GroupConfig(key.Text, value.OneOrMany(), key.Position);
        }
    }

    private IEnumerable<HostsConfig.LinkConfig> Links(ValueReader links)
    {
        foreach (var (key, value) in links.Entries())
        {
            CheckName(key, NameForm.IsNode, "a link name (1 to 32 of a-z 0-9 -)");
            if (value.Mapping($"link '{key.Text}'") is { } link)
            {
                var path = link.Optional("path").Text(NameForm.IsNode, "a path name (1 to 32 of a-z 0-9 -)");
                var wanulator = link.Optional("wanulator");
                link.Finish();
                yield return new HostsConfig.LinkConfig(key.Text, path, wanulator.Text(), key.Position, wanulator.Position);
            }
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

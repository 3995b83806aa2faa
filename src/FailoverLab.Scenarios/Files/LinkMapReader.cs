using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads the link map of a hosts file: path names of the embedded lab's links, and the links of real labs.</summary>
internal sealed class LinkMapReader(DiagnosticBag bag)
{
    /// <summary>Words for drivers.</summary>
    public static IReadOnlyDictionary<string, LinkDriver> Drivers { get; } = new Dictionary<string, LinkDriver>(StringComparer.Ordinal)
    {
        ["emulator"] = LinkDriver.Emulator,
        ["netem"] = LinkDriver.Netem,
        ["nft"] = LinkDriver.Nft,
        ["wanulator"] = LinkDriver.Wanulator,
        ["pve"] = LinkDriver.Pve,
    };

    private readonly ProfileFinder _profiles = new(bag);
    private const string SerialWords = "the absolute path of a socket (A-Z a-z 0-9 . _ / -)";

    /// <summary>Keys by driver: what it needs, and what it may have beside path, router and profile.</summary>
    private static readonly Dictionary<LinkDriver, (string[] Needed, string[] Taken)> Uses = new()
    {
        [LinkDriver.Emulator] = (["host", "lan", "wan"], []),
        [LinkDriver.Netem] = (["host", "lan", "wan"], []),
        [LinkDriver.Nft] = (["host", "lan", "wan"], []),
        [LinkDriver.Wanulator] = (["host", "vm", "password"], ["lan", "wan", "serial"]),
        [LinkDriver.Pve] = (["vm", "pve", "net"], ["host", "lan", "wan"]),
    };

    private static readonly string[] Particular = ["host", "lan", "wan", "vm", "pve", "net", "serial", "password"];

    public IEnumerable<HostsConfig.LinkConfig> Read(ValueReader links)
    {
        foreach (var (key, value) in links.Entries())
        {
            if (!NameForm.IsNode(key.Text) || key.Text == "all")
            {
                bag.Error(YamlCodes.Form, key.Position, $"'{key.Text.ReplaceLineEndings(" ")}' is not a link name (1 to 32 of a-z 0-9 -, and not 'all')");
            }
            if (value.Mapping($"link '{key.Text}'") is { } link)
            {
                yield return Link(key, link);
            }
        }
    }

    private HostsConfig.LinkConfig Link(YamlScalar key, MappingReader link)
    {
        var path = link.Optional("path").Text(NameForm.IsNode, "a path name (1 to 32 of a-z 0-9 -)");
        var wanulator = link.Optional("wanulator");
        var driver = link.Optional("driver").OneOf(Drivers);
        var real = new HostsConfig.RealLinkConfig
        {
            Driver = driver ?? LinkDriver.Netem,
            Host = link.Optional("host"),
            Lan = link.Optional("lan").Text(NameForm.IsInterface, NameForm.InterfaceWords),
            Wan = link.Optional("wan").Text(NameForm.IsInterface, NameForm.InterfaceWords),
            Vm = (int?)link.Optional("vm").WholeNumber(1, 999_999_999),
            Pve = link.Optional("pve"),
            Net = (int?)link.Optional("net").WholeNumber(0, 31),
            Serial = link.Optional("serial").Text(t => t.StartsWith('/') && SshForm.IsShell(t), SerialWords),
            Password = SshReader.Secret(link.Optional("password")),
            Router = link.Optional("router").Text(SshForm.IsLabel, "one line of at most 100 characters"),
            Profile = new GoodLinkReader(bag, _profiles).Read(link.Optional("profile")),
            ProfileText = GoodLinkReader.Written(link.Optional("profile")),
        };
        link.Finish();
        CheckKeys(link, driver);
        return new HostsConfig.LinkConfig(key.Text, path, wanulator.Text(), key.Position, wanulator.Position)
        {
            // A driver that is misspelt was reported; the link still counts as a real one, so that it is not called unknown as well.
            Real = link.Has("driver") ? real : null,
            HasRealKeys = Particular.Concat(["router", "profile"]).Any(link.Has),
        };
    }

    private void CheckKeys(MappingReader link, LinkDriver? driver)
    {
        if (driver is not { } known)
        {
            return;
        }

        var (needed, taken) = Uses[known];
        var word = known.ToString().ToLowerInvariant();
        foreach (var key in needed.Where(k => link.IsComplete && !link.Has(k)))
        {
            bag.Error(YamlCodes.MissingKey, link.Position, $"{link.What} lacks the key '{key}', which the driver '{word}' needs");
        }

        foreach (var key in Particular.Append("wanulator").Except(needed).Except(taken).Where(link.Has))
        {
            bag.Error(ScenarioCodes.LinkKey, link.PositionOf(key), $"'{key}' says nothing for the driver '{word}'", $"it takes: {string.Join(", ", needed.Concat(taken))}, path, router, profile");
        }
    }
}

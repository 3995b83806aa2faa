using System.Globalization;
using FailoverLab.Hosts;

namespace FailoverLab.Restoration.Tests;

/// <summary>A host that is really changed: a network namespace with two interfaces of its own.</summary>
internal sealed class NamespaceHost
{
    private const string Table = "failoverlab_test";

    public NamespaceHost(string name) => Name = name;

    public string Name { get; }

    public string[] Prefix => ["ip", "netns", "exec", Name];

    public static string? WhyNot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "network namespaces need root";
        }

        var missing = ((string[])["ip", "tc", "nft", "flock", "setsid", "unshare"]).Where(t => !((string[])["/usr/bin", "/usr/sbin", "/bin", "/sbin"]).Any(d => File.Exists(Path.Combine(d, t)))).ToList();
        return missing.Count == 0 ? null : $"{string.Join(", ", missing)} missing";
    }

    public static async Task<NamespaceHost> MakeAsync(int number)
    {
        var host = new NamespaceHost(string.Create(CultureInfo.InvariantCulture, $"flundo-{Environment.ProcessId}-{number}"));
        await using var here = new LocalShell("here");
        foreach (var command in (string[][])
        [
            ["ip", "netns", "add", host.Name],
            [.. host.Prefix, "ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1"],
            [.. host.Prefix, "ip", "link", "set", "v1", "up"],
            [.. host.Prefix, "ip", "link", "set", "v0", "up"],
        ])
        {
            var result = await here.RunAsync(new ShellCommand(command), CancellationToken.None);
            Assert.That(result.IsSuccess, Is.True, result.Error);
        }

        return host;
    }

    public async Task RemoveAsync()
    {
        await using var here = new LocalShell("here");
        await here.RunAsync(new ShellCommand("ip", "netns", "del", Name), CancellationToken.None);
    }

    public LocalShell Shell() => new(Name, Prefix);

    /// <summary>Everything the victims change, as it is now.</summary>
    public async Task<string> StateAsync()
    {
        await using var shell = Shell();
        var result = await shell.RunAsync(
            new ShellCommand("sh", "-c", "cat /sys/class/net/v0/mtu /sys/class/net/v0/flags; tc qdisc show dev v0; nft list ruleset"), CancellationToken.None);
        return result.Output.Trim();
    }

    /// <summary>The kinds of change, each with the command that makes it.</summary>
    public static (ChangeIntent Intent, ShellCommand Act) Change(string host, int kind, int value)
    {
        (string Target, ShellCommand Undo, ShellCommand Read, string Before, ShellCommand Act) change = kind switch
        {
            0 => ("mtu", new("ip", "link", "set", "dev", "v0", "mtu", "1500"), new("cat", "/sys/class/net/v0/mtu"), "1500",
                new("ip", "link", "set", "dev", "v0", "mtu", (1280 + value).ToString(CultureInfo.InvariantCulture))),
            1 => ("state", new("ip", "link", "set", "dev", "v0", "up"), new("cat", "/sys/class/net/v0/flags"), "0x1003",
                new("ip", "link", "set", "dev", "v0", value % 2 == 0 ? "down" : "up")),
            2 => ("rate", new("tc", "qdisc", "del", "dev", "v0", "root", "handle", "f10b:"), new("tc", "qdisc", "show", "dev", "v0"), "qdisc noqueue 0: root refcnt 2",
                new("tc", "qdisc", "replace", "dev", "v0", "root", "handle", "f10b:", "tbf", "rate", $"{1000 + value}kbit", "burst", "10k", "latency", "50ms")),
            _ => ("filter", new("nft", "delete", "table", "inet", Table), new("nft", "list", "ruleset"), "",
                new("nft", $"add table inet {Table}; add chain inet {Table} c {{ type filter hook forward priority 0; }}; add rule inet {Table} c tcp dport {1 + value} drop")),
        };
        return (new ChangeIntent { Host = host, Kind = "shell", Target = change.Target, Undo = [change.Undo], Checks = [new LinkCheck(change.Read, change.Before)] }, change.Act);
    }
}

using System.Diagnostics;
using System.Globalization;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Testing;

namespace FailoverLab.Restoration.Tests;

/// <summary>A namespace the runner's ssh client lives in, with a cable of its own to each host and a real sshd at its other end.</summary>
internal sealed class ManagementNetwork(string directory) : IAsyncDisposable
{
    private const int Port = 2222;

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"flmgmt-{Environment.ProcessId}");
    private readonly Dictionary<string, Process> _servers = [];
    private readonly Dictionary<string, int> _numbers = [];
    private readonly LocalShell _here = new("here");

    public static string? WhyNot() => NamespaceHost.WhyNot() ?? (File.Exists("/usr/sbin/sshd") && File.Exists("/usr/bin/ssh") ? null : "ssh and sshd are needed");

    private string Client => Path.Combine(directory, "ssh-from-there");

    public async Task MakeAsync()
    {
        Directory.CreateDirectory("/run/sshd");
        await RunAsync("ip", "netns", "add", _name);
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(directory, "id"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(directory, "host"));
        await File.WriteAllTextAsync(Client, $"#!/bin/sh\nexec ip netns exec {_name} ssh \"$@\"\n");
        await RunAsync("chmod", "700", Client);
    }

    /// <summary>Lays the cable to a host and starts its sshd.</summary>
    public async Task JoinAsync(NamespaceHost host)
    {
        var n = _numbers[host.Name] = _numbers.Count;
        var (near, far) = ($"192.0.2.{(4 * n) + 1}", $"192.0.2.{(4 * n) + 2}");
        await RunAsync([.. host.Prefix, "ip", "link", "add", "m0", "type", "veth", "peer", "name", $"m{n}", "netns", _name]);
        await RunAsync([.. host.Prefix, "ip", "addr", "add", far + "/30", "dev", "m0"]);
        await RunAsync([.. host.Prefix, "ip", "link", "set", "m0", "up"]);
        await RunAsync("ip", "netns", "exec", _name, "ip", "addr", "add", near + "/30", "dev", $"m{n}");
        await RunAsync("ip", "netns", "exec", _name, "ip", "link", "set", $"m{n}", "up");
        var config = Path.Combine(directory, host.Name + ".sshd");
        await File.WriteAllTextAsync(config, SshdConfig.Text($"{far}:{Port}", directory));
        StartServer(host);
    }

    public async Task<IShell> ConnectAsync(NamespaceHost host)
    {
        var target = new SshTarget(host.Name)
        {
            Address = $"192.0.2.{(4 * _numbers[host.Name]) + 2}",
            Port = Port,
            User = "root",
            IdentityFile = Path.Combine(directory, "id"),
        };
        for (var tries = 0; ; tries++)
        {
            try
            {
                // The lab is left to the end of the tests: a host that vanishes must not take its files along.
                return await SshShell.ConnectAsync(target, SshLab.Open(Path.Combine(directory, "known"), "none", SystemClock.Shared, TimeProvider.System, Client), CancellationToken.None);
            }
            catch (SshException) when (tries < 20)
            {
                // The server is still starting.
                await Task.Delay(100);
            }
        }
    }

    /// <summary>Nothing comes through any more, in neither direction, and nobody is told.</summary>
    public Task DropAsync(NamespaceHost host)
    {
        var n = _numbers[host.Name];
        return RunAsync("ip", "netns", "exec", _name, "nft",
            $"add table inet cut{n}; add chain inet cut{n} i {{ type filter hook input priority 0; }}; add chain inet cut{n} o {{ type filter hook output priority 0; }}; " +
            $"add rule inet cut{n} i iifname m{n} drop; add rule inet cut{n} o oifname m{n} drop");
    }

    public Task JoinAgainAsync(NamespaceHost host) => RunAsync("ip", "netns", "exec", _name, "nft", "delete", "table", "inet", $"cut{_numbers[host.Name]}");

    /// <summary>Ends sshd and everybody who is logged in, then starts it again.</summary>
    public async Task RestartServerAsync(NamespaceHost host)
    {
        await StopServerAsync(host.Name);
        StartServer(host);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _servers.Keys.ToList())
        {
            await StopServerAsync(name);
        }

        await _here.RunAsync(new ShellCommand("ip", "netns", "del", _name), CancellationToken.None);
    }

    private void StartServer(NamespaceHost host)
    {
        IReadOnlyList<string> all = [.. host.Prefix, "/usr/sbin/sshd", "-D", "-e", "-f", Path.Combine(directory, host.Name + ".sshd")];
        _servers[host.Name] = Process.Start(new ProcessStartInfo(all[0], all.Skip(1)) { RedirectStandardError = true })!;
        _ = _servers[host.Name].StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    private async Task StopServerAsync(string host)
    {
        _servers[host].Kill(entireProcessTree: true);
        await _servers[host].WaitForExitAsync();
    }

    private async Task RunAsync(params string[] arguments)
    {
        var result = await _here.RunAsync(new ShellCommand(arguments), CancellationToken.None);
        Assert.That(result.IsSuccess, Is.True, string.Join(' ', arguments) + ": " + result.Error);
    }
}

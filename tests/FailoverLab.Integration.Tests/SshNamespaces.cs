using System.Diagnostics;
using System.Globalization;
using FailoverLab.Hosts;
using FailoverLab.Testing;

namespace FailoverLab.Integration.Tests;

/// <summary>
/// Network namespaces that serve as hosts which are only reached over ssh, each with a sshd and a <c>/run</c> of its own, and one more,
/// <c>mgmt</c>, where the operator's program runs. Names are the nodes' behind a prefix that no other test has.
/// </summary>
/// <param name="mark">Begins the prefix.</param>
internal sealed class SshNamespaces(string mark) : IAsyncDisposable
{
    /// <summary>The operator's own namespace.</summary>
    public const string Management = "mgmt";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"{mark}{Environment.ProcessId}-");
    private readonly Dictionary<string, Process> _servers = [];
    private readonly List<string> _namespaces = [];
    private readonly LocalShell _here = new("here");

    /// <summary>The lab's directory, with its keys.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory($"failoverlab-{mark}-").FullName;

    /// <summary>The inventory that reaches the hosts.</summary>
    public string HostsFile => Path.Combine(Folder, "hosts.yaml");

    /// <summary>Name of a node's network namespace.</summary>
    public string Name(string node) => _prefix + node;

    /// <summary>The files as a node with a sshd sees them.</summary>
    public string Root(string node) => string.Create(CultureInfo.InvariantCulture, $"/proc/{_servers[node].Id}/root");

    /// <summary>Starts the program as an operator of this lab would, on its management network and with a state folder of its own.</summary>
    public Process Start(params string[] arguments) =>
        ProgramUnderTest.StartWrapped(["ip", "netns", "exec", Name(Management), "env", $"XDG_STATE_HOME={Folder}/state", $"XDG_RUNTIME_DIR={Folder}"], arguments);

    /// <summary>Makes the keys of the operator and of all hosts.</summary>
    public async Task KeysAsync()
    {
        await DoAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{Folder}/id");
        await DoAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{Folder}/host");
        await File.WriteAllTextAsync($"{Folder}/ssh_config", "");
    }

    /// <summary>Makes a node's namespace.</summary>
    public async Task AddAsync(string node)
    {
        await DoAsync("ip", "netns", "add", Name(node));
        _namespaces.Add(Name(node));
    }

    /// <summary>What a shell line prints on a node.</summary>
    public Task<string> OnAsync(string node, string script) => DoAsync("ip", "netns", "exec", Name(node), "sh", "-c", script);

    /// <summary>What a command prints.</summary>
    public Task<string> DoAsync(params string[] arguments) => DoAsync(new ShellCommand(arguments) { Timeout = Patience });

    /// <summary>What a command prints; it must succeed.</summary>
    public async Task<string> DoAsync(ShellCommand command)
    {
        var result = await _here.RunAsync(command, CancellationToken.None);
        Assert.That(result.IsSuccess, Is.True, string.Join(' ', command.Arguments) + ": " + result.Error);
        return result.Output;
    }

    /// <summary>Starts a node's sshd and waits until it listens.</summary>
    /// <param name="node">The node.</param>
    /// <param name="address">Where it listens, as sshd wants it.</param>
    /// <param name="more">More lines of its configuration.</param>
    public async Task ServeAsync(string node, string address, string more = "")
    {
        await File.WriteAllTextAsync($"{Folder}/{node}.sshd", SshdConfig.Text($"{address}:2222", Folder, more));

        // A machine of its own would have a /run of its own; `ip netns exec` has parted the mounts already.
        string[] line = ["netns", "exec", Name(node), "sh", "-c", "mount -t tmpfs tmpfs /run && mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e -f \"$1\"", "sh", $"{Folder}/{node}.sshd"];
        var server = Process.Start(new ProcessStartInfo("ip", line) { RedirectStandardError = true })!;
        _servers[node] = server;

        // It says so when it listens.
        while (await server.StandardError.ReadLineAsync() is { } said && !said.Contains("listening", StringComparison.OrdinalIgnoreCase))
        {
            TestContext.Out.WriteLine(said);
        }

        _ = server.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <summary>A build beside its libraries is no single file; hosts that share this machine's disk can do with a script that starts it.</summary>
    public async Task<string> ProgramAsync()
    {
        var file = Path.Combine(Folder, "failoverlab");
        var dotnet = (await DoAsync("sh", "-c", "readlink -f \"$(command -v dotnet)\"")).Trim();
        await File.WriteAllTextAsync(file, $"#!/bin/sh\nexec {dotnet} {Path.GetFullPath(ProgramUnderTest.File)} \"$@\"\n");
        await DoAsync("chmod", "700", file);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            server.Dispose();
        }

        foreach (var name in _namespaces)
        {
            await _here.RunAsync(new ShellCommand("ip", "netns", "del", name), CancellationToken.None);
        }

        await _here.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

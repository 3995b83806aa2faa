using System.Diagnostics;
using FailoverLab.Linux;
using FailoverLab.Testing;

namespace FailoverLab.Hosts.Tests;

/// <summary>A real sshd of one's own on loopback: own configuration, own keys, own port. Skips the test where there is none.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    private readonly List<Process> _processes = [];

    private SshServer(string directory, int port)
    {
        Directory = directory;
        Port = port;
    }

    public string Directory { get; }

    public int Port { get; }

    public string KnownHosts => Path.Combine(Directory, "known hosts");

    public string Key => Path.Combine(Directory, "id");

    /// <summary>Starts one.</summary>
    /// <param name="shell">What <c>sh</c> is for who logs in: a command of this machine.</param>
    /// <param name="options">Lines added to its configuration.</param>
    /// <param name="before">Shell text run before that shell, to change its environment.</param>
    public static async Task<SshServer> StartAsync(string shell = "dash", string options = "", string before = "")
    {
        if (!File.Exists(Sshd.Program) || Environment.UserName != "root")
        {
            Assert.Ignore("needs root and sshd (openssh-server)");
        }

        var directory = System.IO.Directory.CreateTempSubdirectory("failoverlab-sshd-").FullName;
        System.IO.Directory.CreateDirectory("/run/sshd");
        var server = new SshServer(directory, Sshd.FreePort());
        await Sshd.MakeKeyAsync(server.Key);
        await server.NewHostKeyAsync();
        var bin = System.IO.Directory.CreateDirectory(Path.Combine(directory, "bin")).FullName;
        var sh = Path.Combine(bin, "sh");
        await File.WriteAllTextAsync(sh, $"#!/usr/bin/dash\n{before}\nexec {shell} \"$@\"\n");
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(sh, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await File.WriteAllTextAsync(Path.Combine(directory, "sshd_config"), SshdConfig.Text($"127.0.0.1:{server.Port}", directory, $"""
            SetEnv PATH={bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            {options}
            """));
        await server.StartAsync();
        return server;
    }

    public SshTarget Target(string host = "edge-1") => new(host) { Address = "127.0.0.1", Port = Port, User = "root", IdentityFile = Key };

    public SshLab Lab(TimeSpan? patience = null, string program = "ssh") =>
        SshLab.Open(KnownHosts, "none", SystemClock.Shared, TimeProvider.System, program, patience);

    public async Task NewHostKeyAsync()
    {
        File.Delete(Path.Combine(Directory, "host"));
        await Sshd.MakeKeyAsync(Path.Combine(Directory, "host"));
    }

    public async Task StartAsync() => _processes.Add(await Sshd.StartAsync(Path.Combine(Directory, "sshd_config"), Port));

    /// <summary>Ends sshd and everybody who is logged in.</summary>
    public async Task StopAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        _processes.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}

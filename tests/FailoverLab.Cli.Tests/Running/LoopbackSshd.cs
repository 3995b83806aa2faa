using System.Diagnostics;
using FailoverLab.Testing;

namespace FailoverLab.Cli.Tests.Running;

/// <summary>A sshd of a test's own on loopback, and what a hosts file says of it. Skips the test where there is none.</summary>
internal sealed class LoopbackSshd : IAsyncDisposable
{
    private readonly string _folder;
    private readonly int _port;
    private Process? _process;

    private LoopbackSshd(string folder, int port) => (_folder, _port) = (folder, port);

    /// <summary>The host's keys in a hosts file.</summary>
    public string Host => $"transport: ssh, address: 127.0.0.1, port: {_port}, user: root, identity: \"{_folder}/id\", agent: no";

    public static async Task<LoopbackSshd> StartAsync()
    {
        if (!File.Exists(Sshd.Program) || Environment.UserName != "root")
        {
            Assert.Ignore("needs root and sshd (openssh-server)");
        }

        Directory.CreateDirectory("/run/sshd");
        var server = new LoopbackSshd(Directory.CreateTempSubdirectory("failoverlab-sshd-").FullName, Sshd.FreePort());
        foreach (var key in (string[])["id", "host"])
        {
            await Sshd.MakeKeyAsync(Path.Combine(server._folder, key));
        }

        var config = Path.Combine(server._folder, "sshd_config");
        await File.WriteAllTextAsync(config, SshdConfig.Text($"127.0.0.1:{server._port}", server._folder));
        server._process = await Sshd.StartAsync(config, server._port);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }
}

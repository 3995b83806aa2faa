using FailoverLab.Linux;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>Our program on a host: copied when a step or the hosts file wants it, once, and never otherwise. A script stands for it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ProgramPlacingTests
{
    /// <summary>Greets as the agent does and then listens.</summary>
    private const string Sound = """
        #!/bin/sh
        case $1 in
          --version) exit 0 ;;
          agent-session) echo "$2 H 1 clock=agent res=1 setsid=1 fine=1 tools=ip system=Linux release=1 machine=x86_64 uid=0 name=edge"; exec cat >/dev/null ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-placing-").FullName;
    private SshServer? _server;

    [TearDown]
    public async Task EndAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task ConnectAsync_StepNeedsIt_CopiedOnceUnderItsChecksum()
    {
        await using var hosts = await HostsAsync();
        var plan = Plan(AgentUse.Auto, Sound);
        DateTime written;
        await using (var shell = await hosts.ConnectAsync(plan, CancellationToken.None, needsProgram: true))
        {
            Assert.That((shell.Facts.Clock, shell.Program), Is.EqualTo(("agent", Copies().Single())));
            Assert.That(await File.ReadAllTextAsync(shell.Program!), Is.EqualTo(Sound));
            written = File.GetLastWriteTimeUtc(shell.Program!);
        }

        await using var again = await hosts.ConnectAsync(plan, CancellationToken.None);
        Assert.That(File.GetLastWriteTimeUtc(again.Program!), Is.EqualTo(written), "what is there is used, with 'auto' too");
    }

    [Test]
    public async Task ConnectAsync_NobodyWantsIt_NothingIsCopied()
    {
        await using var hosts = await HostsAsync();
        await using var shell = await hosts.ConnectAsync(Plan(AgentUse.Auto, Sound), CancellationToken.None);
        Assert.That((shell.Program, Copies().Count), Is.EqualTo(((string?)null, 0)));
    }

    [TestCase("#!/bin/sh\nexit 1\n", "it was copied but does not run there")]
    [TestCase(null, "Could not find file")]
    public async Task ConnectAsync_CannotRun_RefusedWithTheReason(string? content, string reason)
    {
        await using var hosts = await HostsAsync();
        var refusal = await Assert.ThrowsAsync<StepHostException>(() => hosts.ConnectAsync(Plan(AgentUse.Yes, content), CancellationToken.None));
        Assert.That(refusal!.Message, Does.Contain("agent cannot run there").And.Contain(reason));
        refusal = await Assert.ThrowsAsync<StepHostException>(() => hosts.ConnectAsync(Plan(AgentUse.Auto, content), CancellationToken.None, needsProgram: true));
        Assert.That(refusal!.Message, Does.Contain("which traffic, the stack and emulated links need").And.Contain(reason));
    }

    private List<string> Copies() => Directory.Exists(Path.Combine(_folder, "cache")) ? [.. Directory.EnumerateFiles(Path.Combine(_folder, "cache", "failoverlab"))] : [];

    private HostPlan Plan(AgentUse agent, string? content)
    {
        var file = Path.Combine(_folder, "program");
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        return new HostPlan("edge-1", HostTransport.Ssh, "")
        {
            Ssh = new SshPlan { Address = "127.0.0.1", Port = _server!.Port, User = "root", Identity = _server.Key, KnownHosts = _server.KnownHosts, ConfigFile = "none", Agent = agent, AgentFile = file },
        };
    }

    private async Task<SshHosts> HostsAsync()
    {
        _server = await SshServer.StartAsync(before: $"export XDG_CACHE_HOME={_folder}/cache");
        return new SshHosts(_server.KnownHosts, SystemClock.Shared, TimeProvider.System);
    }
}

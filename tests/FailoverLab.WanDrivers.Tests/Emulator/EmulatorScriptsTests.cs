using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers.Tests;

/// <summary>What a shell puts back by itself when the emulator cannot, in a namespace with this machine's kernel, by each shell that hosts have.</summary>
[TestFixture("dash")]
[TestFixture("bash")]
[TestFixture("busybox")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EmulatorScriptsTests : IDisposable
{
    /// <summary>Listens as an emulator does, and hears no request to end.</summary>
    private const string Deaf = "use Socket; $SIG{TERM} = 'IGNORE'; socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un($ARGV[-2])); listen(S, 1); sleep 600";

    private readonly TestNamespace _net = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-emulator").FullName;
    private readonly string _shell;
    private readonly EmulatorScripts _scripts;

    public EmulatorScriptsTests(string shell)
    {
        if (!File.Exists($"/usr/bin/{shell}") || !File.Exists("/usr/sbin/ethtool"))
        {
            Assert.Ignore($"{shell} or ethtool is not installed");
        }

        _shell = shell;
        _scripts = new EmulatorScripts(Path.Combine(_folder, "wan-lan0+wan0"), "failoverlab_wan_test", new LinkSides("lan0", "wan0"));
    }

    public void Dispose()
    {
        _net.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Killed without a carrier, it leaves both interfaces down, and without what it had switched off.</summary>
    [Test]
    public async Task End_ProcessWasKilled_InterfacesAreAsFoundAndLookProvesIt()
    {
        // What one switch brings back with it was off before.
        await DoAsync(new ShellCommand("ethtool", "-K", "lan0", "tx-tcp-mangleid-segmentation", "off"));
        await DoAsync(new ShellCommand("ip", "link", "set", "dev", "wan0", "down"));
        var before = await DoAsync(_scripts.Look);
        Assert.That(before, Does.Match("^free\nlan0 up .*tx-tcp-segmentation.*\nwan0 down .*tx-tcp-mangleid-segmentation"));

        await _net.Shell.RunAsync(new ShellCommand("nft", "add table netdev failoverlab_wan_test"), CancellationToken.None);
        Assert.That(await DoAsync(_scripts.Look), Is.EqualTo("taken"));
        foreach (var device in (string[])["lan0", "wan0"])
        {
            _net.Ip($"link set dev {device} down");
            await DoAsync(new ShellCommand("ethtool", "-K", device, "tso", "off", "gso", "off", "gro", "off", "sg", "off", "rx", "off", "tx", "off"));
        }

        // As it is when the table is gone by another's hand.
        await _net.Shell.RunAsync(new ShellCommand("nft", "delete table netdev failoverlab_wan_test"), CancellationToken.None);
        Assert.That(await DoAsync(_scripts.Look), Does.StartWith("free\n").And.Not.EqualTo(before));
        await _net.Shell.RunAsync(Of(_scripts.End(before.Split('\n')[1..])), CancellationToken.None);

        Assert.That(await DoAsync(_scripts.Look), Is.EqualTo(before));
    }

    /// <summary>Neither a file with its number nor a log can be written: it is found all the same, and killed where it does not hear.</summary>
    [Test]
    public async Task End_NothingCouldBeWrittenBesideTheSocket_FindsTheProcess()
    {
        var before = await DoAsync(_scripts.Look);
        await DoAsync(_scripts.Start(["perl", "-e", Deaf, "--"], "1"));
        File.Delete(Path.Combine(_folder, "wan-lan0+wan0.log"));
        await _net.Shell.RunAsync(new ShellCommand("nft", "delete table netdev failoverlab_wan_test"), CancellationToken.None);
        Assert.That(await DoAsync(_scripts.Look), Is.EqualTo("taken"), "the process alone");

        await _net.Shell.RunAsync(Of(_scripts.End(before.Split('\n')[1..])), CancellationToken.None);

        Assert.That(await DoAsync(_scripts.Look), Is.EqualTo(before));
    }

    [Test]
    public async Task Look_WithoutEthtool_SaysThatOffloadsAreNotKnownAndEndLeavesThem()
    {
        var bare = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        foreach (var tool in (string[])["nft", "grep", "sed", "ip", "sleep", "rm"])
        {
            var path = new[] { $"/usr/sbin/{tool}", $"/usr/bin/{tool}", $"/sbin/{tool}", $"/bin/{tool}" }.First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(bare, tool), path);
        }

        Assert.That(await DoAsync(Without(_scripts.Look)), Is.EqualTo("free\nlan0 up unknown\nwan0 up unknown"));
        var before = await DoAsync(_scripts.Look);
        await DoAsync(new ShellCommand("ip", "link", "set", "dev", "wan0", "down"));

        await _net.Shell.RunAsync(Without(_scripts.End(_scripts.Up)), CancellationToken.None);

        Assert.That(await DoAsync(_scripts.Look), Is.EqualTo(before));

        ShellCommand Without(ShellCommand command) => Of(command) with { Environment = new Dictionary<string, string> { ["PATH"] = bare } };
    }

    private async Task<string> DoAsync(ShellCommand command)
    {
        var result = await _net.Shell.RunAsync(Of(command), CancellationToken.None);
        Assert.That(result.IsSuccess, Is.True, $"{command}: {result.Error}");
        return result.Output.Trim();
    }

    private ShellCommand Of(ShellCommand command) => command.Arguments[0] != "sh" ? command
        : command with { Arguments = [.. _shell == "busybox" ? (string[])["/usr/bin/busybox", "sh"] : [$"/usr/bin/{_shell}"], .. command.Arguments.Skip(1)] };
}

using FailoverLab.Linux;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>
/// One host for one run, over a real sshd; the lock is that of an account which is not root, so that runs of this machine are left alone.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HostHoldTests : IDisposable
{
    private static readonly RunHolder First = new("20261122-101500-x-0a1b2c3d", "ann@laptop");
    private static readonly RunHolder Second = new("20261122-101501-x-4e5f6071", "bob@desk");
    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-hold-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestCase("dash")]
    [TestCase("bash")]
    [TestCase("busybox ash")]
    public async Task ArmAsync_AnotherRunUsesTheHost_RefusedUntilItIsGone(string shell)
    {
        await using var server = await StartAsync(shell);
        await using var lab = server.Lab();
        SshShell? channel = null;
        await using var place = Place(async stop => channel = await SshShell.ConnectAsync(server.Target(), lab, stop), First);
        await ArmAsync(place);
        await using (var other = Place(server, lab, Second))
        {
            var refusal = await Assert.ThrowsAsync<StepHostException>(() => ArmAsync(other));
            Assert.That(refusal!.Message, Does.Match("host 'edge-1' is in use: run 20261122-101500-x-0a1b2c3d of ann@laptop holds it since 20..-..-..T..:..:..Z; wait for its end, or end it"));
        }

        await using (var alias = Place(server, lab, First))
        {
            Assert.That(() => ArmAsync(alias), Throws.Nothing, "the same run, to which the host is known by two names");
        }

        // As when the runner is killed: nobody says good-bye.
        channel!.Session.Cut();
        await using var next = Place(server, lab, Second);
        Assert.That(() => ArmAsync(next), Throws.Nothing);
    }

    [Test]
    public async Task StopAsync_RunHasEnded_HostIsFreeAtOnce()
    {
        await using var server = await StartAsync("dash");
        await using var lab = server.Lab();
        for (var n = 0; n < 3; n++)
        {
            await using var place = Place(server, lab, n % 2 == 0 ? First : Second);
            Assert.That(() => ArmAsync(place), Throws.Nothing);
        }
    }

    [Test]
    public async Task ArmAsync_HostWithoutFlock_GoesOnAndSaysSo()
    {
        await using var server = await StartAsync("dash", ProgramsBut.Of(_folder, "flock", "id"));
        await using var lab = server.Lab();
        await using var place = Place(server, lab, First);

        await ArmAsync(place);

        Assert.That((await place.Events.ReadAsync()).Text, Is.EqualTo("other runs are not kept off this host: it has no flock"));
    }

    private async Task<SshServer> StartAsync(string shell, string before = "")
    {
        var server = await SshServer.StartAsync(shell, before: $"{before}\nexport HOME={_folder} PATH={_folder}:$PATH");
        var id = Path.Combine(_folder, "id");
        await File.WriteAllTextAsync(id, "#!/bin/sh\necho 1000\n");
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(id, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return server;
    }

    private static RemoteHost Place(SshServer server, SshLab lab, RunHolder holder) => Place(stop => SshShell.ConnectAsync(server.Target(), lab, stop), holder);

    private static RemoteHost Place(Func<CancellationToken, Task<SshShell>> connect, RunHolder holder) =>
        new("edge-1", connect, SystemClock.Shared, TimeProvider.System) { Holder = holder };

    private Task ArmAsync(RemoteHost place) => place.ArmAsync(
        new RunPlan
        {
            Scenario = "hold",
            Description = "",
            Duration = TimeSpan.FromSeconds(60),
            Seed = 1,
            Topology = null,
            Hosts = [new HostPlan("edge-1", HostTransport.Ssh, "")],
            Steps =
            [
                new StepPlan
                {
                    Name = "01",
                    Host = "edge-1",
                    At = TimeSpan.FromSeconds(50),
                    Action = new RunCommand("true", TimeSpan.FromSeconds(1), new Dictionary<string, string>()),
                    Command = "true",
                    Undo = "",
                    Position = SourcePosition.WholeFile("test"),
                },
            ],
            Expectations = [],
        },
        _folder,
        CancellationToken.None);
}

using System.Globalization;

namespace FailoverLab.Hosts.Tests;

/// <summary>Over a real sshd, with each of the shells a far side may have.</summary>
[TestFixtureSource(typeof(FarShell), nameof(FarShell.All))]
public sealed class SshShellTests(string shell)
{
    private SshServer _server = null!;
    private SshLab _lab = null!;
    private SshShell _shell = null!;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _server = await SshServer.StartAsync(shell);
        _lab = _server.Lab();
        _shell = await SshShell.ConnectAsync(_server.Target(), _lab, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task TearDownAsync()
    {
        if (_shell is not null)
        {
            await _shell.DisposeAsync();
            await _lab.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task RunAsync_HostileArgumentsAndStatus255_ArriveAsTheyAre()
    {
        var result = await _shell.RunAsync(new ShellCommand("sh", "-c", "printf '<%s>' \"$@\"; exit 255", "x", "-oProxyCommand=touch /tmp/x", "$(id)", "a\nb", "%h"), CancellationToken.None);

        Assert.That(result, Is.EqualTo(new ShellResult(255, "<-oProxyCommand=touch /tmp/x><$(id)><a\nb><%h>", "", TimedOut: false)));
    }

    [Test]
    public async Task RunAsync_KilledBySignal_IsToldFromALostLink()
    {
        var result = await _shell.RunAsync(new ShellCommand("sh", "-c", "kill -9 $$"), CancellationToken.None);

        Assert.That(result.Status, Is.EqualTo(128 + 9));
    }

    [Test]
    public async Task ConnectAsync_SecondTime_HostKeyIsKeptUnderThePlansName()
    {
        await using var again = await SshShell.ConnectAsync(_server.Target(), _lab, CancellationToken.None);

        Assert.That(await File.ReadAllTextAsync(_server.KnownHosts), Does.StartWith("edge-1 ssh-ed25519 "));
    }

    [Test]
    public async Task MeasureAsync_OwnClock_LiesInTheBound()
    {
        var estimate = await ClockProbe.MeasureAsync(_shell, TimeProvider.System, CancellationToken.None, exchanges: 32);

        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shell} ({_shell.Facts.Clock}): {estimate.OffsetNs / 1e3:0.0} us, bound {estimate.BoundNs / 1e3:0.0} us, way {estimate.RoundTripNs / 1e3:0.0} us"));
        Assert.That(estimate.LowNs, Is.LessThanOrEqualTo(0));
        Assert.That(estimate.HighNs, Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public async Task Lost_ClientIsKilled_FarSideEndsWhatItRan()
    {
        var doomed = await SshShell.ConnectAsync(_server.Target("edge-2"), _lab, CancellationToken.None);
        var job = await doomed.Session.StartAsync(RemoteKind.Now, ["sh", "-c", "trap '' TERM; sleep 675 & wait; wait"], new Dictionary<string, string>(), default, CancellationToken.None);
        var pid = await job.Armed;

        doomed.Session.Cut();

        Assert.That((await doomed.Lost).Kind, Is.EqualTo(SshFailureKind.Closed));
        for (var tries = 0; tries < 500 && Directory.Exists($"/proc/{pid}"); tries++)
        {
            await Task.Delay(10);
        }

        Assert.That(Directory.Exists($"/proc/{pid}"), Is.False);
        await doomed.DisposeAsync();
    }
}

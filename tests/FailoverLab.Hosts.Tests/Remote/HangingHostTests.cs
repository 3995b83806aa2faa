namespace FailoverLab.Hosts.Tests;

/// <summary>Hosts that answer, but on which something hangs: nobody waits for it without end.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HangingHostTests : IDisposable
{
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-hanging-").FullName;

    private string Here => Path.Combine(_folder, "here");

    private string There => Path.Combine(_folder, "there");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task FetchAsync_NothingMoreComes_GivenUp()
    {
        await using var server = await StartAsync("tail", "head -c 1000 \"$4\"; exec sleep 30");
        await using var lab = server.Lab();
        await using var shell = await SshShell.ConnectAsync(server.Target(), lab, CancellationToken.None);
        await File.WriteAllBytesAsync(There, new byte[300_000]);

        var files = new RemoteFiles(shell) { Patience = TimeSpan.FromSeconds(0.5) };
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => files.FetchAsync(There, Here, long.MaxValue, CancellationToken.None).WaitAsync(Ample));

        Assert.That(failure!.Message, Does.EndWith("could not be fetched whole in 3 tries"));
        Assert.That(File.Exists(Here), Is.False);
    }

    [Test]
    public async Task FetchAsync_HostIsLostMeanwhile_EndsAtOnce()
    {
        await using var server = await StartAsync("tail", $": >{_folder}/stuck; exec sleep 30");
        await using var lab = server.Lab();
        await using var shell = await SshShell.ConnectAsync(server.Target(), lab, CancellationToken.None);
        await File.WriteAllBytesAsync(There, new byte[300_000]);

        var fetching = new RemoteFiles(shell) { Patience = TimeSpan.FromDays(1) }.FetchAsync(There, Here, long.MaxValue, CancellationToken.None);
        while (!File.Exists(Path.Combine(_folder, "stuck")))
        {
            await Task.Delay(10);
        }

        shell.Session.Cut();

        await Assert.ThrowsAsync<SshException>(() => fetching.WaitAsync(Ample));
    }

    [Test]
    public async Task SendAsync_NothingIsTaken_GivenUp()
    {
        await using var server = await StartAsync("cat", "case $(readlink /proc/$$/fd/1) in *.flpart) exec sleep 30 ;; *) exec /usr/bin/cat ;; esac");
        await using var lab = server.Lab();
        await using var shell = await SshShell.ConnectAsync(server.Target(), lab, CancellationToken.None);
        await File.WriteAllBytesAsync(Here, new byte[300_000]);

        var files = new RemoteFiles(shell) { Patience = TimeSpan.FromSeconds(0.5) };
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => files.SendAsync(Here, There, CancellationToken.None).WaitAsync(Ample));

        Assert.That(failure!.Message, Does.Contain("did not arrive whole at edge-1 in 3 tries"));
        Assert.That(File.Exists(There), Is.False);
    }

    [Test]
    public async Task TakeAsync_WhoTakesTheLockNeitherHasItNorEnds_Refused()
    {
        // The first program is there and stays, though it is killed; whoever asks after it fails.
        await using var lab = PretendedSsh.Lab(
            _folder,
            HostileFarSideTests.Greets + "n=0; while read -r v i rest; do case $v in T) echo \"$m T $i 1 1\" ;; R) n=$((n + 1)); echo \"$m A $i 5\"; [ $n = 1 ] || echo \"$m X $i 1 1\"; [ $n = 1 ] || echo \"$m Z $i\" ;; Q) exit ;; esac; done",
            new QuickTime(10));
        await using var shell = await SshShell.ConnectAsync(new SshTarget("edge-1"), lab, CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<StepHostException>(() => HostHold.TakeAsync(shell, new RunHolder("20261122-101500-x-0a1b2c3d", "ann@laptop"), CancellationToken.None).WaitAsync(Ample));

        Assert.That(refusal!.Message, Does.StartWith("host 'edge-1' cannot be kept for this run: its lock is neither taken nor refused"));
    }

    [Test]
    public async Task OpenBulkAsync_WithAPassword_NothingOfItIsLeftWhenTheConnectionIs()
    {
        await using var lab = PretendedSsh.Lab(_folder, HostileFarSideTests.Greets + "exec cat >/dev/null", TimeProvider.System);
        await using var shell = await SshShell.ConnectAsync(new SshTarget("edge-1") { Password = () => "secret" }, lab, CancellationToken.None);

        using (var bulk = await shell.OpenBulkAsync(CancellationToken.None))
        {
            Assert.That(Directory.GetDirectories(lab.Directory), Has.Length.EqualTo(1), "the program that gives it, while ssh may ask");
            bulk.Kill();
        }

        Assert.That(Directory.GetDirectories(lab.Directory), Is.Empty);
    }

    /// <summary>A host on which one program is another.</summary>
    private async Task<SshServer> StartAsync(string program, string text)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, program);
        await File.WriteAllTextAsync(file, $"#!/usr/bin/dash\n{text}\n");
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return await SshServer.StartAsync(before: $"export PATH={_folder}/bin:$PATH");
    }
}

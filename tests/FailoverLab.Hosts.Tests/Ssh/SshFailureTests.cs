using System.Net;
using System.Net.Sockets;
using FailoverLab.Testing;

namespace FailoverLab.Hosts.Tests;

/// <summary>Every way a login fails, met for real and told apart.</summary>
public sealed class SshFailureTests
{
    private SshServer _server = null!;

    [OneTimeSetUp]
    public async Task SetUpAsync() => _server = await SshServer.StartAsync();

    [OneTimeTearDown]
    public async Task TearDownAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task ConnectAsync_NothingListens_IsRefused() =>
        Assert.That((await FailAsync(_server.Target() with { Port = Sshd.FreePort() })).Kind, Is.EqualTo(SshFailureKind.Refused));

    [Test]
    public async Task ConnectAsync_NameThatNobodyHas_IsUnknown() =>
        Assert.That((await FailAsync(_server.Target() with { Address = "edge-9.invalid" })).Kind, Is.EqualTo(SshFailureKind.UnknownName));

    [Test]
    public async Task ConnectAsync_ListensButSaysNothing_IsATimeout()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var failure = await FailAsync(_server.Target() with { Port = ((IPEndPoint)listener.LocalEndpoint).Port }, TimeSpan.FromSeconds(2));

        Assert.That(failure.Kind, Is.EqualTo(SshFailureKind.TimedOut), failure.ToString());
    }

    [Test]
    public async Task ConnectAsync_KeyThatIsNotAllowed_IsAuthentication()
    {
        await using var other = await SshServer.StartAsync();

        var failure = await FailAsync(_server.Target() with { IdentityFile = other.Key });

        Assert.That(failure.Kind, Is.EqualTo(SshFailureKind.Authentication), failure.ToString());
    }

    [Test]
    public async Task ConnectAsync_HostKeyIsAnother_StopsWithBothFingerprints()
    {
        await using var server = await SshServer.StartAsync();
        await using var lab = server.Lab();
        await (await SshShell.ConnectAsync(server.Target(), lab, CancellationToken.None)).DisposeAsync();
        await server.StopAsync();
        await server.NewHostKeyAsync();
        await server.StartAsync();

        var failure = (await Assert.ThrowsAsync<SshException>(() => SshShell.ConnectAsync(server.Target(), lab, CancellationToken.None)))!.Failure;

        Assert.That(failure.Kind, Is.EqualTo(SshFailureKind.KeyChanged), failure.ToString());
        Assert.That(failure.Message, Does.Match(@"SHA256:[A-Za-z0-9+/]{43} was kept in .*known hosts:1, SHA256:[A-Za-z0-9+/]{43} is offered now"));
    }

    [Test]
    public async Task ConnectAsync_KeyNotKnownAndNoneAccepted_SaysSo()
    {
        var strict = _server.Target("edge-7") with { Options = new Dictionary<string, string> { ["StrictHostKeyChecking"] = "yes" } };

        Assert.That((await FailAsync(strict)).Kind, Is.EqualTo(SshFailureKind.KeyUnknown));
    }

    [TestCase("ForceCommand /bin/false", TestName = "No shell: the account runs something else")]
    [TestCase("ForceCommand /usr/sbin/nologin", TestName = "No shell: the account may not log in")]
    public async Task ConnectAsync_NoShell_SaysSo(string option)
    {
        await using var server = await SshServer.StartAsync(options: option);
        await using var lab = server.Lab();

        var failure = (await Assert.ThrowsAsync<SshException>(() => SshShell.ConnectAsync(server.Target(), lab, CancellationToken.None)))!.Failure;

        Assert.That(failure.Kind, Is.EqualTo(SshFailureKind.NoShell), failure.ToString());
    }

    [Test]
    public async Task ConnectAsync_ThroughAHostThatCannotReachIt_IsTheJump()
    {
        var config = Path.Combine(_server.Directory, "jump");
        await File.WriteAllTextAsync(config, $"Host gate\n HostName 127.0.0.1\n Port {_server.Port}\n User root\n IdentityFile {_server.Key}\n");
        await using var lab = SshLab.Open(_server.KnownHosts, config, Linux.SystemClock.Shared, TimeProvider.System);
        var far = _server.Target("edge-8") with { Port = Sshd.FreePort(), Jump = "gate" };

        var failure = (await Assert.ThrowsAsync<SshException>(() => SshShell.ConnectAsync(far, lab, CancellationToken.None)))!.Failure;
        await using var through = await SshShell.ConnectAsync(_server.Target("edge-8") with { Jump = "gate" }, lab, CancellationToken.None);

        Assert.That(failure.Kind, Is.EqualTo(SshFailureKind.Jump), failure.ToString());
        Assert.That((await through.RunAsync(new ShellCommand("echo", "through"), CancellationToken.None)).Output, Is.EqualTo("through\n"));
    }

    [Test]
    public async Task ConnectAsync_NoClient_SaysSo() =>
        Assert.That((await FailAsync(_server.Target(), program: "/nonexistent/ssh")).Kind, Is.EqualTo(SshFailureKind.NoClient));

    [TestCase("-oProxyCommand=touch /tmp/failoverlab-x")]
    [TestCase("a;id")]
    [TestCase("$(id)")]
    [TestCase("a b")]
    [TestCase("a\nb")]
    [TestCase("")]
    [TestCase("a\u202eb")]
    public async Task ConnectAsync_NameThatCouldBeMore_IsRefusedBeforeAnythingStarts(string name)
    {
        Assert.That((await FailAsync(_server.Target() with { Address = name }, program: "/nonexistent/ssh")).Kind, Is.EqualTo(SshFailureKind.BadName));
        Assert.That((await FailAsync(_server.Target(name) with { Address = null }, program: "/nonexistent/ssh")).Kind, Is.EqualTo(SshFailureKind.BadName));
        Assert.That((await FailAsync(_server.Target() with { User = name }, program: "/nonexistent/ssh")).Kind, Is.EqualTo(SshFailureKind.BadName));
        Assert.That((await FailAsync(_server.Target() with { Jump = name }, program: "/nonexistent/ssh")).Kind, Is.EqualTo(SshFailureKind.BadName));
    }

    [Test]
    public async Task ConnectAsync_Password_ReachesSshAndNothingElse()
    {
        // Stands for ssh: asks for the password as ssh does, compares, looks for it where it must not be, then is the far side.
        var program = Path.Combine(_server.Directory, "asking-ssh");
        await File.WriteAllTextAsync(program, """
            #!/bin/sh
            [ "$SSH_ASKPASS_REQUIRE" = force ] || { echo "no askpass" >&2; exit 1; }
            for other in "jumper@gate's password: " "(jumper@gate) Password: " "Enter passphrase for key '/root/.ssh/id': " "(root@edge-1.example) Password: " "x@edge-10's password: "; do
              [ -z "$("$SSH_ASKPASS" "$other")" ] || { echo "told a host on the way: $other" >&2; exit 1; }
            done
            p=$("$SSH_ASKPASS" "root@edge-1's password: ")
            [ "$p" = 'canary $(id) "secret' ] || { echo "Permission denied ($p)" >&2; exit 255; }
            if grep -rqs canary "${SSH_ASKPASS%/*}/askpass" /proc/self/environ "/proc/$PPID/cmdline" "/proc/$$/cmdline"; then echo leaked >&2; exit 1; fi
            case "$*" in *BatchMode*) echo "batch mode" >&2; exit 1 ;; esac
            for last; do :; done
            exec sh -c "$last"
            """);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await using var lab = _server.Lab(program: program);
        await using var shell = await SshShell.ConnectAsync(_server.Target() with { Password = () => "canary $(id) \"secret" }, lab, CancellationToken.None);

        Assert.That((await shell.RunAsync(new ShellCommand("echo", "in"), CancellationToken.None)).Output, Is.EqualTo("in\n"));
        Assert.That(Directory.GetDirectories(lab.Directory), Is.Empty);
    }

    private async Task<SshFailure> FailAsync(SshTarget target, TimeSpan? patience = null, string program = "ssh")
    {
        await using var lab = _server.Lab(patience, program);
        return (await Assert.ThrowsAsync<SshException>(() => SshShell.ConnectAsync(target, lab, CancellationToken.None)))!.Failure;
    }
}

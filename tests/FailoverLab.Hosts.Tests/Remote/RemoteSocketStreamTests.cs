using System.Diagnostics;
using System.Net.Sockets;

namespace FailoverLab.Hosts.Tests;

/// <summary>A unix socket, and a terminal, behind a real sshd.</summary>
[TestFixture("socat", "perl")]
[TestFixture("perl", "socat")]
public sealed class RemoteSocketStreamTests(string carrier, string missing)
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failoverlab-socket-");
    private SshServer _server = null!;
    private SshLab _lab = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (!File.Exists($"/usr/bin/{carrier}"))
        {
            Assert.Ignore($"needs {carrier}");
        }

        _server = await SshServer.StartAsync(before: ProgramsBut.Of(_folder.FullName, missing));
        _lab = _server.Lab();
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        _folder.Delete(recursive: true);
        if (_server is not null)
        {
            await _lab.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task OpenAsync_EveryByteBothWays_ArrivesAsItIs()
    {
        var path = Path.Combine(_folder.FullName, "101.serial0");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        await using var stream = await OpenAsync(path);
        using var far = await listener.AcceptAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await using var there = new NetworkStream(far);
        var bytes = Enumerable.Range(0, 20_000).Select(i => (byte)i).ToArray();

        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
        var arrived = new byte[bytes.Length];
        await there.ReadExactlyAsync(arrived);
        await there.WriteAsync(arrived);
        var back = new byte[bytes.Length];
        await stream.ReadExactlyAsync(back);

        Assert.That(back, Is.EqualTo(bytes));
        far.Shutdown(SocketShutdown.Both);
        Assert.That(await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(60)), Is.Zero, "the machine's end is the stream's");
    }

    [Test]
    public async Task OpenAsync_Terminal_EveryByteBothWaysWhereSocatIs()
    {
        if (!File.Exists("/usr/bin/socat"))
        {
            Assert.Ignore("needs socat, which makes the terminal");
        }

        using var terminal = Process.Start(new ProcessStartInfo("socat", ["-d", "-d", "PTY,raw,echo=0", "EXEC:cat"]) { RedirectStandardError = true })!;
        try
        {
            var said = await terminal.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? "";
            var path = said[said.IndexOf("/dev/", StringComparison.Ordinal)..];
            if (carrier != "socat")
            {
                var failure = await Assert.ThrowsAsync<StepHostException>(() => OpenAsync(path));
                Assert.That(failure!.Message, Does.Contain("has no socat"));
                return;
            }

            await using var stream = await OpenAsync(path);
            var bytes = Enumerable.Range(0, 3_000).Select(i => (byte)i).ToArray();
            await stream.WriteAsync(bytes);
            await stream.FlushAsync();
            var back = new byte[bytes.Length];
            await stream.ReadExactlyAsync(back).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

            Assert.That(back, Is.EqualTo(bytes), "no line discipline between");
        }
        finally
        {
            terminal.Kill();
            await terminal.WaitForExitAsync();
        }
    }

    [TestCase("/nonexistent/101.serial0", "it is not there")]
    [TestCase("/etc/passwd", "it is no socket")]
    [TestCase("relative", "cannot be the path")]
    [TestCase("/tmp/x,exec:reboot", "cannot be the path")]
    [TestCase("/tmp/$(reboot)", "cannot be the path")]
    public async Task OpenAsync_NoSerialLine_SaysWhy(string path, string why)
    {
        var failure = await Assert.ThrowsAsync<StepHostException>(() => OpenAsync(path));

        Assert.That(failure!.Message, Does.Contain(why));
    }

    private async Task<Stream> OpenAsync(string path) =>
        await RemoteSocketStream.OpenAsync(await SshShell.ConnectAsync(_server.Target(), _lab, CancellationToken.None), path, CancellationToken.None);
}

using System.Net.Sockets;

namespace FailoverLab.Hosts.Tests;

/// <summary>A unix socket behind a real sshd, by whichever of socat and perl is there.</summary>
public sealed class RemoteSocketStreamTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failoverlab-socket-");
    private SshServer _server = null!;
    private SshLab _lab = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await SshServer.StartAsync();
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

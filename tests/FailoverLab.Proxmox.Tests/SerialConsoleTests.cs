using System.Net.Sockets;
using System.Text;
using FailoverLab.Proxmox.Testing;

namespace FailoverLab.Proxmox.Tests;

/// <summary>Serial ports, over the web socket and on the host.</summary>
public sealed class SerialConsoleTests : FakeHostTests
{
    [Test]
    public void Frames_OfEachKind_AreAsPveReadsThem()
    {
        Assert.That(Encoding.UTF8.GetString(ConsoleFrames.Typed("é\r"u8)), Is.EqualTo("0:3:é\r"));
        Assert.That(Encoding.UTF8.GetString(ConsoleFrames.Resize(80, 24)), Is.EqualTo("1:80:24:"));
        Assert.That(Encoding.UTF8.GetString(ConsoleFrames.Ping.Span), Is.EqualTo("2"));
        Assert.That(Encoding.UTF8.GetString(ConsoleFrames.Greeting("a@b", "t")), Is.EqualTo("a@b:t\n"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Serial_OverTheWebSocket_TypesAndReads(bool isToken)
    {
        await using var console = await Machine(endpoint: isToken ? Host.TokenEndpoint : Host.PasswordEndpoint).OpenSerialAsync(0, None);
        await ExpectAsync(console, "login: ");
        await console.WriteAsync("héllo\r"u8.ToArray());
        await ExpectAsync(console, "you typed héllo\r\n");
        await console.ResizeAsync(120, 40, None);
        await ExpectAsync(console, "[1:120:40:]");
    }

    [Test]
    public async Task Serial_OfLongInput_IsCutIntoFramesAndArrivesWhole()
    {
        Host.Machines[101].Serial = line => $"{line.Length}!";
        await using var console = await Machine().OpenSerialAsync(0, None);
        await console.WriteAsync(Encoding.UTF8.GetBytes(new string('x', 100_000) + "\r"));
        await ExpectAsync(console, "login: 100000!");
    }

    [Test]
    public async Task Serial_ThatTheMachineHasNot_SaysWhy()
    {
        var refused = await Thrown.ByAsync(() => Machine().OpenSerialAsync(3, None));
        Assert.That(refused.Message, Does.Contain("unable to find a serial interface"));
        Assert.That((await Thrown.ByAsync(() => Machine().OpenSerialAsync(4, None))).Fault, Is.EqualTo(PveFault.BadRequest));
    }

    [TestCase(401, PveFault.Unauthorized)]
    [TestCase(403, PveFault.Forbidden)]
    [TestCase(500, PveFault.Server)]
    public async Task Serial_WhoseSocketIsRefused_IsAClearFault(int status, PveFault fault)
    {
        Host.Faults.Add(FakeFault.Status(r => r.Path.EndsWith("/vncwebsocket", StringComparison.Ordinal), status, "no"));
        Assert.That((await Thrown.ByAsync(() => Machine().OpenSerialAsync(0, None))).Fault, Is.EqualTo(fault));
    }

    [Test]
    public async Task Serial_WhoseTicketIsNotAccepted_SaysWhatATokenNeeds()
    {
        Host.Faults.Add(new FakeFault(r => r.Path.EndsWith("/vncwebsocket", StringComparison.Ordinal), async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("binary");
            await socket.SendAsync("NO"u8.ToArray(), System.Net.WebSockets.WebSocketMessageType.Binary, endOfMessage: true, context.RequestAborted);
        }));
        var refused = await Thrown.ByAsync(() => Machine().OpenSerialAsync(0, None));
        Assert.That((refused.Fault, refused.Hint), Is.EqualTo((PveFault.Unauthorized, "consoles of older hosts refuse API tokens; log in with user and password, or use the socket on the host")));
    }

    [Test]
    public async Task Serial_ThatEndsAtTheFarEnd_ReadsItsEnd()
    {
        var console = await Machine().OpenSerialAsync(0, None);
        await ExpectAsync(console, "login: ");
        await Host.DisposeAsync();
        Assert.That(async () => await console.ReadAsync(new byte[10]), Throws.InstanceOf<IOException>().Or.Property("Length").EqualTo(0));
        await console.DisposeAsync();
    }

    [Test]
    public async Task Socket_OnTheHost_IsAStream()
    {
        var folder = Directory.CreateTempSubdirectory("failoverlab-serial").FullName;
        var path = SerialSocket.PathOf(101, 0, folder);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        await using var port = await SerialSocket.OpenAsync(path, None);
        using var far = await listener.AcceptAsync();
        await far.SendAsync("login: "u8.ToArray());
        await ExpectAsync(port, "login: ");
        await port.WriteAsync("root\r"u8.ToArray());
        var buffer = new byte[10];
        Assert.That(Encoding.UTF8.GetString(buffer, 0, await far.ReceiveAsync(buffer)), Is.EqualTo("root\r"));
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Socket_ThatIsNotThere_SaysWhatToLookAt()
    {
        var refused = await Thrown.ByAsync(() => SerialSocket.OpenAsync(SerialSocket.PathOf(101, 0, "/nonexistent"), None));
        Assert.That((refused.Fault, refused.Message.Contains("/nonexistent/101.serial0", StringComparison.Ordinal)), Is.EqualTo((PveFault.Unreachable, true)));
        Assert.That(SerialSocket.PathOf(101, 0), Is.EqualTo("/var/run/qemu-server/101.serial0"));
    }

    private static async Task ExpectAsync(Stream from, string expected)
    {
        var buffer = new byte[Encoding.UTF8.GetByteCount(expected)];
        await from.ReadExactlyAsync(buffer);
        Assert.That(Encoding.UTF8.GetString(buffer), Is.EqualTo(expected));
    }
}

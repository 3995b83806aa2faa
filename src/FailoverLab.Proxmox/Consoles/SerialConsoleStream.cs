using System.Net;
using System.Net.WebSockets;
using FailoverLab.Primitives;

namespace FailoverLab.Proxmox;

/// <summary>
/// A machine's serial port over PVE's web socket, as a stream: what is written is typed, what is read was shown; reading 0 bytes is its end. One reader and
/// any number of writers at a time. It is kept open by itself.
/// </summary>
public sealed class SerialConsoleStream : ForwardStream
{
    private static readonly TimeSpan KeepOpen = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ClientWebSocket _socket;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ITimer _ping;
    private ReadOnlyMemory<byte> _left;

    private SerialConsoleStream(ClientWebSocket socket, ReadOnlyMemory<byte> left, TimeProvider time)
    {
        (_socket, _left) = (socket, left);
        _ping = time.CreateTimer(_ => _ = PingAsync(), null, KeepOpen, KeepOpen);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Tells the far end how large the screen is.</summary>
    /// <param name="columns">1 to 1000.</param>
    /// <param name="rows">1 to 1000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(columns, rows), 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(columns, rows), 1000);
        return SendAsync(ConsoleFrames.Resize(columns, rows), cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left.Length > 0)
        {
            var count = Math.Min(_left.Length, buffer.Length);
            _left[..count].CopyTo(buffer);
            _left = _left[count..];
            return count;
        }

        try
        {
            ValueWebSocketReceiveResult received;
            do
            {
                received = await _socket.ReceiveAsync(buffer, cancellationToken);
            }
            while (received is { Count: 0, MessageType: not WebSocketMessageType.Close } && buffer.Length > 0);
            return received.MessageType == WebSocketMessageType.Close ? 0 : received.Count;
        }
        catch (WebSocketException cut)
        {
            throw new IOException("the console's connection was cut: " + cut.Message);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (; buffer.Length > 0; buffer = buffer[Math.Min(buffer.Length, ConsoleFrames.MaxTyped)..])
        {
            await SendAsync(ConsoleFrames.Typed(buffer.Span[..Math.Min(buffer.Length, ConsoleFrames.MaxTyped)]), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Every write is sent at once.
    }

    internal static async Task<SerialConsoleStream> OpenAsync(PveTransport transport, PveEndpoint endpoint, TimeProvider time, string node, int vmid, int port, CancellationToken cancellationToken)
    {
        var at = new[] { ("node", (string?)node), ("vmid", PveClient.Text(vmid)) };
        var way = (await transport.SendAsync(PveCalls.TermProxy.With([.. at, ("serial", "serial" + PveClient.Text(port))]), cancellationToken)).Object();
        var ticket = transport.Redactor.Remember(way.Text("ticket"));
        var request = PveCalls.ConsoleSocket.With([.. at, ("port", PveClient.Text((int)way.Number("port"))), ("vncticket", ticket)]);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol("binary");
            socket.Options.CollectHttpResponseDetails = true;
            foreach (var (name, value) in await transport.CredentialAsync(cancellationToken))
            {
                socket.Options.SetRequestHeader(name, value);
            }

            using var timer = new CancellationTokenSource(Patience, time);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
            var address = new UriBuilder(new Uri(endpoint.Url, request.PathAndQuery)) { Scheme = "wss" }.Uri;
            await socket.ConnectAsync(address, transport.Connections, ending.Token);
            await socket.SendAsync(ConsoleFrames.Greeting(way.Text("user"), ticket), WebSocketMessageType.Binary, endOfMessage: true, ending.Token);
            return new SerialConsoleStream(socket, await AcceptedAsync(socket, request, endpoint, ending.Token), time);
        }
        catch (Exception failure)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            if (failure is PveException || (failure is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                throw;
            }

            throw failure switch
            {
                OperationCanceledException => new PveException(PveFault.TimedOut, $"{request}: the console did not open within {Patience.TotalSeconds:0} s", "does the machine run?"),
                WebSocketException when status is not 0 and not HttpStatusCode.SwitchingProtocols =>
                    PveErrors.Of(new PveAnswer((int)status, "the console's web socket was refused", "", default), request, transport.Redactor),
                WebSocketException { InnerException: { } inner } => transport.Explain(request.ToString(), inner),
                _ => transport.Explain(request.ToString(), failure),
            };
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ping.Dispose();
            _socket.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Waits for the far end's OK; what was shown right behind it is returned.</summary>
    private static async Task<ReadOnlyMemory<byte>> AcceptedAsync(ClientWebSocket socket, PveRequest request, PveEndpoint endpoint, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        var read = 0;
        while (read < 2)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(read), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                break;
            }

            read += received.Count;
        }

        return buffer.AsSpan(0, read).StartsWith("OK"u8)
            ? buffer.AsMemory(2, read - 2)
            : throw new PveException(
                PveFault.Unauthorized, $"{request}: the console did not accept its own ticket",
                endpoint.TokenSecret is null ? null : "consoles of older hosts refuse API tokens; log in with user and password, or use the socket on the host");
    }

    private async Task PingAsync()
    {
        try
        {
            await SendAsync(ConsoleFrames.Ping, CancellationToken.None);
        }
        catch (Exception cut) when (cut is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The reader sees it too, and says so.
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        catch (WebSocketException cut)
        {
            throw new IOException("the console's connection was cut: " + cut.Message);
        }
        finally
        {
            _sending.Release();
        }
    }
}

using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Proxmox.Testing;

/// <summary>The far end of a console's web socket: greeting, typed frames, resizing, pings.</summary>
internal static class FakeTerminal
{
    public static async Task ServeAsync(HttpContext context, FakeRequest request, FakeApi api)
    {
        if (!context.WebSockets.WebSocketRequestedProtocols.Contains("binary") || !api.Consoles.TryRemove(request["vncticket"], out var vmid))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync("binary");
        var pending = new List<byte>();
        var buffer = new byte[8192];
        var isGreeted = false;
        var line = new StringBuilder();
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } received)
            {
                pending.AddRange(buffer.AsSpan(0, received.Count));
                if (!isGreeted)
                {
                    var end = pending.IndexOf((byte)'\n');
                    var expected = $":{request["vncticket"]}";
                    if (end < 0)
                    {
                        continue;
                    }

                    if (!Encoding.UTF8.GetString([.. pending[..end]]).EndsWith(expected, StringComparison.Ordinal))
                    {
                        break;
                    }

                    pending.RemoveRange(0, end + 1);
                    isGreeted = true;
                    await SayAsync(socket, "OKlogin: ", context.RequestAborted);
                }

                while (Take(pending) is { } frame)
                {
                    await ActAsync(socket, frame, line, api.Machines[vmid], context.RequestAborted);
                }
            }
        }
        catch (Exception ended) when (ended is WebSocketException or OperationCanceledException)
        {
            // The client has gone.
        }
    }

    private static async Task ActAsync(WebSocket socket, string frame, StringBuilder line, FakeMachine machine, CancellationToken ended)
    {
        if (frame[0] != '0')
        {
            await SayAsync(socket, $"[{frame}]", ended);
            return;
        }

        foreach (var c in frame[1..])
        {
            if (c != '\r')
            {
                line.Append(c);
                continue;
            }

            await SayAsync(socket, machine.Serial(line.ToString()), ended);
            line.Clear();
        }
    }

    private static ValueTask SayAsync(WebSocket socket, string text, CancellationToken ended) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, ended);

    /// <summary>The first whole frame: 0 and what was typed, or the frame itself; <see langword="null"/> when there is none yet.</summary>
    private static string? Take(List<byte> pending)
    {
        if (pending.Count == 0)
        {
            return null;
        }

        if (pending[0] == '2')
        {
            pending.RemoveAt(0);
            return "ping";
        }

        var second = pending.IndexOf((byte)':', 2);
        if (second < 0)
        {
            return null;
        }

        var number = int.Parse(Encoding.ASCII.GetString([.. pending[2..second]]), System.Globalization.CultureInfo.InvariantCulture);
        var end = pending[0] == '0' ? second + 1 + number : pending.IndexOf((byte)':', second + 1) + 1;
        if (end > pending.Count || end == 0)
        {
            return null;
        }

        var frame = pending[0] == '0' ? "0" + Encoding.UTF8.GetString([.. pending[(second + 1)..end]]) : Encoding.ASCII.GetString([.. pending[..end]]);
        pending.RemoveRange(0, end);
        return frame;
    }
}

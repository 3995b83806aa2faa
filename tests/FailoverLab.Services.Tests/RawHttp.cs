using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FailoverLab.Services.Tests;

/// <summary>Bytes on a connection, where an HTTP client would not send them.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends bytes and nothing more, and reads until the server closes; empty when it closes without an answer.</summary>
    /// <param name="endPoint">The server.</param>
    /// <param name="bytes">What to send.</param>
    /// <param name="isAll">Says to the server that no more will come; it may then close at once.</param>
    public static async Task<string> SendAsync(IPEndPoint endPoint, byte[] bytes, bool isAll = false)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, patience.Token);
        try
        {
            await socket.SendAsync(bytes, patience.Token);
            if (isAll)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // Closed before all was sent; an answer may be there.
        }

        return await ReadAsync(socket, patience.Token);
    }

    /// <summary>Reads until the server closes.</summary>
    public static async Task<string> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var answer = new StringBuilder();
        var buffer = new byte[65536];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancel) is var count and > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // Reset: closed too.
        }

        return answer.ToString();
    }

    /// <summary>The status code of an answer.</summary>
    public static int Status(string answer) => answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
}

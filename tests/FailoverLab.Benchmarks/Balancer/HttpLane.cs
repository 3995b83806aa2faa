using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FailoverLab.Benchmarks;

/// <summary>One connection that is kept, with blocking calls: what it measures is the server, not a thread pool of ours. Not thread-safe.</summary>
internal sealed class HttpLane : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 10_000 };
    private readonly byte[] _buffer = new byte[256 << 10];

    public HttpLane(IPEndPoint server) => _socket.Connect(server);

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <returns>Status code, and how many bytes the answer had.</returns>
    /// <exception cref="IOException">The server closed, or said something else.</exception>
    public (int Status, int Bytes) Ask(ReadOnlySpan<byte> request)
    {
        _socket.Send(request);
        var count = 0;
        var total = int.MaxValue;
        while (count < total)
        {
            var got = _socket.Receive(_buffer.AsSpan(count));
            count += got > 0 ? got : throw new IOException("the balancer closed the connection");
            if (total == int.MaxValue && _buffer.AsSpan(0, count).IndexOf("\r\n\r\n"u8) is var end and >= 0)
            {
                total = end + 4 + Length(_buffer.AsSpan(0, end));
            }
        }

        return (int.Parse(_buffer.AsSpan(9, 3)), total);
    }

    /// <summary>A request as bytes.</summary>
    public static byte[] Request(string method, string path, string body = "") =>
        Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: balancer\r\n{(body.Length > 0 ? $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n" : "")}\r\n{body}");

    public void Dispose() => _socket.Dispose();

    private static int Length(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        var digits = at < 0 ? throw new IOException("an answer without Content-Length") : head[(at + name.Length)..];
        var end = digits.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? digits : digits[..end]);
    }
}

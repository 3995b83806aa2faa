using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FailoverLab.Linux;

namespace FailoverLab.Benchmarks;

/// <summary>200 bytes a millisecond over one stream, and what its receiver sees of it: plain TCP, or whatever the program was wrapped in.</summary>
internal static class ByteStream
{
    private const int Size = 200;
    private const long IntervalNs = 1_000_000;

    /// <summary>Accepts one stream; prints the arrival (monotonic ns) of each record that came later than 5 ms after the one before, and the silence, ns.</summary>
    public static int Receive(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Any, port));
        listener.Listen(1);
        using var stream = listener.Accept();
        var buffer = new byte[64 * 1024];
        var last = SystemClock.Shared.MonotonicNs;
        while (stream.Receive(buffer) > 0)
        {
            var now = SystemClock.Shared.MonotonicNs;
            if (now - last > 5 * IntervalNs)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now} {now - last}"));
            }

            last = now;
        }

        return 0;
    }

    /// <summary>Sends until it is killed or the stream breaks.</summary>
    public static int Send(string address, int port)
    {
        using var stream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        stream.Connect(IPAddress.Parse(address), port);
        stream.NoDelay = true;
        var record = new byte[Size];
        var due = SystemClock.Shared.MonotonicNs;
        for (var sequence = 0L; ; sequence++)
        {
            BinaryPrimitives.WriteInt64BigEndian(record, sequence);
            stream.Send(record);
            due += IntervalNs;
            SystemClock.Shared.WaitUntil(due);
        }
    }
}

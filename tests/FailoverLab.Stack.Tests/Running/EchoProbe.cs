using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FailoverLab.Stack.Tests;

/// <summary>Sends numbered datagrams through the tunnel to an echo at the far side and measures the longest silence.</summary>
internal sealed class EchoProbe : IDisposable
{
    private const int Port = 7007;

    private readonly Socket _client;
    private readonly Socket _server;
    private readonly IPEndPoint _target;
    private readonly List<Thread> _threads = [];
    private readonly List<long> _arrivals = [];
    private volatile bool _stop;
    private int _sent;

    public EchoProbe(Site from, string source, Site to, string target)
    {
        _target = new IPEndPoint(IPAddress.Parse(target), Port);
        _server = to.Namespace.Run(() => Open(new IPEndPoint(_target.Address, Port)));
        _client = from.Namespace.Run(() => Open(new IPEndPoint(IPAddress.Parse(source), 0)));
        Begin(Echo);
        Begin(Receive);
        Begin(Send);
    }

    public int Sent => _sent;

    public int Received
    {
        get
        {
            lock (_arrivals)
            {
                return _arrivals.Count;
            }
        }
    }

    /// <summary>Waits until so many answers came after now.</summary>
    public bool WaitForAnswers(int count, TimeSpan patience)
    {
        var end = Stopwatch.GetTimestamp() + (long)(patience.TotalSeconds * Stopwatch.Frequency);
        var until = Received + count;
        while (Received < until)
        {
            if (Stopwatch.GetTimestamp() > end)
            {
                return false;
            }

            Thread.Sleep(2);
        }

        return true;
    }

    /// <summary>Longest time between two answers since a moment.</summary>
    public TimeSpan LongestSilence(long sinceTimestamp)
    {
        lock (_arrivals)
        {
            var times = _arrivals.Where(a => a >= sinceTimestamp).Prepend(sinceTimestamp).ToArray();
            return Stopwatch.GetElapsedTime(0, times.Zip(times.Skip(1), (a, b) => b - a).DefaultIfEmpty(0).Max());
        }
    }

    public void Dispose()
    {
        _stop = true;
        _client.Dispose();
        _server.Dispose();
        _threads.ForEach(t => t.Join());
    }

    private static Socket Open(IPEndPoint local)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 100 };
        socket.Bind(local);
        return socket;
    }

    private void Begin(Action action)
    {
        var thread = new Thread(() =>
        {
            while (!_stop)
            {
                try
                {
                    action();
                }
                catch (SocketException)
                {
                    // Nothing waited, or no route for the moment.
                }
                catch (ObjectDisposedException)
                {
                    return;
                }
            }
        });
        thread.Start();
        _threads.Add(thread);
    }

    private void Echo()
    {
        var buffer = new byte[100];
        EndPoint from = new IPEndPoint(_target.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var length = _server.ReceiveFrom(buffer, ref from);
        _server.SendTo(buffer.AsSpan(0, length), from);
    }

    private void Receive()
    {
        var buffer = new byte[100];
        if (_client.Receive(buffer) > 0)
        {
            lock (_arrivals)
            {
                _arrivals.Add(Stopwatch.GetTimestamp());
            }
        }
    }

    private void Send()
    {
        var packet = new byte[64];
        BinaryPrimitives.WriteInt32BigEndian(packet, Interlocked.Increment(ref _sent));
        _client.SendTo(packet, _target);
        Thread.Sleep(2);
    }
}

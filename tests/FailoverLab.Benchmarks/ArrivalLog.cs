using FailoverLab.Linux;
using FailoverLab.Packets;

namespace FailoverLab.Benchmarks;

/// <summary>Receives one probe flow on a thread of its own and keeps when each packet came first.</summary>
internal sealed class ArrivalLog : IDisposable
{
    private const int Most = 4 << 20;
    private const long LongestWaitNs = 50_000_000;

    private readonly UdpSocket _socket;
    private readonly long[] _arrivedNs = new long[Most];
    private readonly Thread _thread;
    private volatile bool _stopping;

    public ArrivalLog(UdpSocket socket)
    {
        _socket = socket;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Packets that came more than once.</summary>
    public int Copies { get; private set; }

    /// <summary>Packets between two instants, as sent: how many never came, and the longest time without an arrival.</summary>
    /// <param name="fromNs">First instant, monotonic.</param>
    /// <param name="toNs">Last instant; all that was sent until then has had time to come.</param>
    public (int Lost, double OutageMs) Between(long fromNs, long toNs)
    {
        var last = Array.FindLastIndex(_arrivedNs, Most - 1, n => n != 0 && n <= toNs);
        var first = Array.FindLastIndex(_arrivedNs, Math.Max(last, 0), n => n != 0 && n < fromNs);
        var (lost, longest) = (0, 0L);
        var arrivals = new List<long>();
        for (var i = Math.Max(first, 0); i <= last; i++)
        {
            lost += _arrivedNs[i] == 0 ? 1 : 0;
            if (_arrivedNs[i] != 0)
            {
                arrivals.Add(_arrivedNs[i]);
            }
        }

        arrivals.Sort();
        for (var i = 1; i < arrivals.Count; i++)
        {
            longest = Math.Max(longest, arrivals[i] - arrivals[i - 1]);
        }

        return (lost, Math.Max(0, longest - 1_000_000) / 1e6);
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        _socket.Dispose();
    }

    private void Run()
    {
        ProcessControl.TryRealtimePriority(15);
        var set = new PollSet(_socket);
        var buffer = new byte[2048];
        while (!_stopping)
        {
            set.Wait(SystemClock.Shared.MonotonicNs + LongestWaitNs);
            while (_socket.TryReceive(buffer, out _, out var length))
            {
                if (ProbeHeader.TryRead(buffer.AsSpan(0, length), out var header) && header.Sequence < Most)
                {
                    ref var arrived = ref _arrivedNs[(int)header.Sequence];
                    Copies += arrived != 0 ? 1 : 0;
                    arrived = arrived == 0 ? SystemClock.Shared.MonotonicNs : arrived;
                }
            }
        }
    }
}

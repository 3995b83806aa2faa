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
    private int _highest;
    private long _lastNs;

    public ArrivalLog(UdpSocket socket)
    {
        _socket = socket;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Packets that came more than once.</summary>
    public int Copies { get; private set; }

    /// <summary>When a packet came last, monotonic ns; 0 before the first.</summary>
    public long LastNs => Volatile.Read(ref _lastNs);

    /// <summary>Packets between two instants, as sent.</summary>
    /// <param name="fromNs">First instant, monotonic.</param>
    /// <param name="toNs">Last instant; all that was sent until then has had time to come.</param>
    /// <returns>The longest time without an arrival, and how many never came.</returns>
    public Silence Between(long fromNs, long toNs)
    {
        var last = Array.FindLastIndex(_arrivedNs, Volatile.Read(ref _highest), n => n != 0 && n <= toNs);
        var first = Array.FindLastIndex(_arrivedNs, Math.Max(last, 0), n => n != 0 && n < fromNs);
        var (lost, longest) = (0, default(Silence));
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
            longest = arrivals[i] - arrivals[i - 1] > longest.ToNs - longest.FromNs ? new Silence(arrivals[i - 1], arrivals[i], 0) : longest;
        }

        return longest with { Lost = lost };
    }

    /// <summary>The last packets that never came, each with the arrival of the one that came before it.</summary>
    /// <param name="fromNs">Nothing before it counts, monotonic.</param>
    /// <param name="realtimeNs">What to add to monotonic time.</param>
    public string DescribeLost(long fromNs, long realtimeNs)
    {
        var (text, before) = (new List<string>(), 0L);
        for (var i = 0; i < Volatile.Read(ref _highest); i++)
        {
            before = _arrivedNs[i] == 0 ? before : _arrivedNs[i];
            if (_arrivedNs[i] == 0 && before > fromNs)
            {
                text.Add($"{i} after {before + realtimeNs}");
            }
        }

        return string.Join(", ", text.TakeLast(40));
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
                    Volatile.Write(ref _highest, Math.Max(_highest, (int)header.Sequence));
                    Volatile.Write(ref _lastNs, SystemClock.Shared.MonotonicNs);
                }
            }
        }
    }
}

using FailoverLab.Dataplane;
using FailoverLab.Emulator;
using FailoverLab.Linux;
using FailoverLab.Primitives;

namespace FailoverLab.Wan;

/// <summary>
/// A running WAN link between two interfaces, with a thread of its own. It forwards whole frames both ways, each when it is due by the
/// kernel's receive stamp, so that time spent waiting to be read does not add to the delay. Safe from any thread.
/// </summary>
public sealed class WanLink : IDisposable
{
    private const int RealtimePriority = 20;
    private const int WakeIndex = 0;
    private const int LanIndex = 1;
    private const int WanIndex = 2;
    private readonly Lock _gate = new();
    private readonly PacketSocket _lan;
    private readonly PacketSocket _wan;
    private readonly Direction _up;
    private readonly Direction _down;
    private readonly LatencyHistogram _lateness = new();
    private readonly SpinMargin _margin = new();
    private readonly IClock _clock;
    private readonly WakeUp _wake = new();
    private readonly PollSet _poll;
    private readonly Action<string>? _failed;
    private readonly Thread _thread;
    private volatile bool _stopping;

    private WanLink(
        string name, PacketSocket lan, PacketSocket wan, LinkImpairments initial, ulong seed, IClock clock, Action<string>? failed, FrameGate? gate)
    {
        Name = name;
        (_lan, _wan, _clock, _failed) = (lan, wan, clock, failed);
        _poll = new PollSet(_wake, lan, wan);
        var random = new SeededRandom(seed);
        var frameBytes = Math.Max(lan.MaxFrameBytes, wan.MaxFrameBytes);
        _up = new Direction(lan, wan, new LinkPipeline(initial, random.Split($"{name}/up"), slotBytes: frameBytes), clock, _lateness, gate);
        _down = new Direction(wan, lan, new LinkPipeline(initial, random.Split($"{name}/down"), slotBytes: frameBytes), clock, _lateness, gate);
        _thread = new Thread(Run) { IsBackground = true, Name = $"wan {name}" };
    }

    /// <summary>Link name.</summary>
    public string Name { get; }

    /// <summary>Whether it forwards; <see langword="false"/> after an interface vanished or <see cref="Dispose"/>.</summary>
    public bool IsRunning => _thread.IsAlive;

    /// <summary>What became of the packets so far.</summary>
    public WanCounters Counters
    {
        get
        {
            lock (_gate)
            {
                return new WanCounters(
                    _up.Pipeline.Counters,
                    _down.Pipeline.Counters,
                    _up.Refused + _down.Refused,
                    _lan.Oversized + _wan.Oversized,
                    _lateness.PercentileNs(0.99),
                    _lateness.MaxNs);
            }
        }
    }

    /// <summary>Starts forwarding.</summary>
    /// <param name="name">Link name; with the seed and the direction it decides each packet's fate.</param>
    /// <param name="lan">Interface on the near side, offloads off; owned by the link from now on.</param>
    /// <param name="wan">Interface on the far side, offloads off; owned by the link from now on.</param>
    /// <param name="initial">What both directions do at first.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="clock">The kernel's clocks.</param>
    /// <param name="failed">Told once, on the link's thread, why the link stopped by itself: an interface vanished. Other links go on.</param>
    /// <param name="gate">Asked of every frame first, in both directions; <see langword="null"/> lets all in.</param>
    public static WanLink Start(
        string name, PacketSocket lan, PacketSocket wan, LinkImpairments initial, ulong seed, IClock clock, Action<string>? failed = null, FrameGate? gate = null)
    {
        var link = new WanLink(name, lan, wan, initial, seed, clock, failed, gate);
        link._thread.Start();
        return link;
    }

    /// <summary>What a direction does to packets now.</summary>
    /// <param name="direction"><see cref="LinkDirections.Up"/> or <see cref="LinkDirections.Down"/>.</param>
    public LinkImpairments Read(LinkDirections direction)
    {
        lock (_gate)
        {
            return (direction == LinkDirections.Up ? _up : _down).Pipeline.Impairments;
        }
    }

    /// <summary>Changes what the link does to packets that arrive from now on; those that arrived before are taken in first.</summary>
    /// <param name="directions">Which; both change at one instant.</param>
    /// <param name="change">New values from the old: <c>now =&gt; now with { Drop = true }</c>.</param>
    /// <returns>When it took effect, CLOCK_REALTIME ns.</returns>
    public long Apply(LinkDirections directions, Func<LinkImpairments, LinkImpairments> change)
    {
        lock (_gate)
        {
            return Change(directions, change);
        }
    }

    /// <summary>Takes both interfaces down or up, so that both far ends lose or regain their carrier. Down loses what is inside.</summary>
    /// <returns>When the link stopped or began to pass packets, CLOCK_REALTIME ns.</returns>
    /// <exception cref="LinuxException">An interface is gone, or this process may not change it.</exception>
    public long SetCarrier(bool hasCarrier)
    {
        lock (_gate)
        {
            var wentDownNs = hasCarrier ? 0 : Change(LinkDirections.Both, now => now with { IsUp = false });
            _lan.SetUp(hasCarrier);
            _wan.SetUp(hasCarrier);
            return hasCarrier ? Change(LinkDirections.Both, now => now with { IsUp = true }) : wentDownNs;
        }
    }

    /// <summary>Stops forwarding and closes both sockets; what is inside is lost.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        _wake.Signal();
        _thread.Join();
        _wake.Dispose();
        _lan.Dispose();
        _wan.Dispose();
    }

    private long Change(LinkDirections directions, Func<LinkImpairments, LinkImpairments> change)
    {
        _up.TakeIn();
        _down.TakeIn();
        foreach (var (flag, direction) in (ReadOnlySpan<(LinkDirections, Direction)>)[(LinkDirections.Up, _up), (LinkDirections.Down, _down)])
        {
            if ((directions & flag) != 0)
            {
                direction.Pipeline.Impairments = change(direction.Pipeline.Impairments);
            }
        }

        // What was taken in here may be due before the thread meant to wake.
        _wake.Signal();
        return _clock.RealtimeNs;
    }

    private void Run()
    {
        // Without it a busy machine's scheduler adds its own milliseconds to the link's. It sleeps between packets, so nobody starves.
        ProcessControl.TryRealtimePriority(RealtimePriority);
        try
        {
            var nextNs = long.MaxValue;
            while (!_stopping)
            {
                nextNs = Turn(nextNs);
                if (_lan.IsGone || _wan.IsGone)
                {
                    _failed?.Invoke($"interface {(_lan.IsGone ? _lan : _wan).Name} of link {Name} vanished");
                    return;
                }
            }
        }
        catch (LinuxException failure)
        {
            _failed?.Invoke($"link {Name} stopped: {failure.Message}");
        }
    }

    /// <summary>Waits until something arrived or is due, and handles it.</summary>
    /// <param name="nextNs">When the next frame is due.</param>
    /// <returns>When the one after it is.</returns>
    private long Turn(long nextNs)
    {
        var hasArrived = WaitUntilNear(nextNs);
        lock (_gate)
        {
            TakeInWhatArrived(hasArrived);

            _up.SendDue();
            _down.SendDue();
            return Math.Min(_up.Pipeline.NextDueNs, _down.Pipeline.NextDueNs);
        }
    }

    /// <summary>Sleeps until shortly before the instant, then watches the clock; ends early when something arrives during the sleep.</summary>
    /// <returns>Whether something arrived.</returns>
    private bool WaitUntilNear(long instantNs)
    {
        if (instantNs == long.MaxValue)
        {
            return _poll.Wait(instantNs);
        }

        var sleepUntilNs = instantNs - _margin.Ns;
        var mustSleep = _clock.MonotonicNs < sleepUntilNs;
        if (_poll.Wait(sleepUntilNs))
        {
            return true;
        }

        var nowNs = _clock.MonotonicNs;
        if (mustSleep && nowNs >= sleepUntilNs)
        {
            _margin.Learn(sleepUntilNs, nowNs);
        }

        // A signal may have ended the sleep early; then it is slept again, not spun.
        while (nowNs >= sleepUntilNs && nowNs < instantNs)
        {
            nowNs = _clock.MonotonicNs;
        }

        return false;
    }

    private void TakeInWhatArrived(bool hasArrived)
    {
        if (hasArrived && _poll.IsReadable(WakeIndex))
        {
            _wake.Drain();
        }

        if (hasArrived && _poll.IsReadable(LanIndex))
        {
            _up.TakeIn();
        }

        if (hasArrived && _poll.IsReadable(WanIndex))
        {
            _down.TakeIn();
        }
    }
}

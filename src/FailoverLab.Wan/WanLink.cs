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
    private bool _hasCarrier;
    private bool _lanLeft;
    private bool _wanLeft;
    private volatile bool _stopping;
    private bool _isClosed;

    private WanLink(WanLinkSetting setting, PacketSocket lan, PacketSocket wan, IClock clock)
    {
        Name = setting.Name;
        (_lan, _wan, _clock, _failed) = (lan, wan, clock, setting.Failed);
        _poll = new PollSet(_wake, lan, wan);
        _hasCarrier = setting.Up.HasCarrier && setting.Down.HasCarrier;
        var random = new SeededRandom(setting.Seed);
        var frameBytes = Math.Max(lan.MaxFrameBytes, wan.MaxFrameBytes);
        _up = Make(lan, wan, setting.Up, "up");
        _down = Make(wan, lan, setting.Down, "down");
        _thread = new Thread(Run) { IsBackground = true, Name = $"wan {Name}" };

        Direction Make(PacketSocket source, PacketSocket target, LinkImpairments initial, string word) => new(
            source,
            target,
            new LinkPipeline(initial, random.Split($"{Name}/{word}"), slotBytes: frameBytes)
            {
                Fates = setting.LogLines > 0 ? new FateRing(setting.LogLines) : null,
            },
            clock,
            _lateness,
            setting.Gate);
    }

    /// <summary>Link name.</summary>
    public string Name { get; }

    /// <summary>Whether it forwards; <see langword="false"/> after an interface vanished or <see cref="Stop"/>.</summary>
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
                    _lan.ReadMissed() + _wan.ReadMissed(),
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
        => Start(new WanLinkSetting { Name = name, Up = initial, Down = initial, Seed = seed, Failed = failed, Gate = gate }, lan, wan, clock);

    /// <summary>Starts forwarding.</summary>
    /// <param name="setting">What it is started with.</param>
    /// <param name="lan">Interface on the near side; owned by the link from now on.</param>
    /// <param name="wan">Interface on the far side; owned by the link from now on.</param>
    /// <param name="clock">The kernel's clocks.</param>
    /// <exception cref="LinuxException">It starts without a carrier, and this process may not take the interfaces down.</exception>
    public static WanLink Start(WanLinkSetting setting, PacketSocket lan, PacketSocket wan, IClock clock)
    {
        var link = new WanLink(setting, lan, wan, clock);
        if (!link._hasCarrier)
        {
            link.SetInterfaces(isUp: false);
        }

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

    /// <summary>
    /// Plans a change for packets that arrive at an instant or later, by their stamps; those that arrived before are handled first. Going
    /// down loses what is inside then and not due yet. An instant that has passed is now.
    /// </summary>
    /// <param name="realtimeNs">The instant, CLOCK_REALTIME ns.</param>
    /// <param name="directions">Which.</param>
    /// <param name="change">New values from those in force then; called on the link's thread.</param>
    /// <returns>When the link had switched, CLOCK_REALTIME ns; never completes when the link ends before.</returns>
    public Task<long> ApplyAt(long realtimeNs, LinkDirections directions, Func<LinkImpairments, LinkImpairments> change)
    {
        var switched = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var atNs = _up.ToMonotonicNs(realtimeNs);
            if (directions == LinkDirections.None || atNs <= _clock.MonotonicNs)
            {
                switched.SetResult(Change(directions, change));
                return switched.Task;
            }

            var left = directions == LinkDirections.Both ? 2 : 1;
            foreach (var direction in Of(directions))
            {
                direction.Pipeline.ChangeAt(atNs, now =>
                {
                    if (--left == 0)
                    {
                        switched.SetResult(_clock.RealtimeNs);
                    }

                    return change(now);
                });
            }
        }

        _wake.Signal();
        return switched.Task;
    }

    /// <summary>Takes what has been logged of a direction since the last call.</summary>
    /// <param name="direction"><see cref="LinkDirections.Up"/> or <see cref="LinkDirections.Down"/>.</param>
    /// <param name="into">Room for it.</param>
    /// <param name="lost">Lines lost so far because nobody took the others in time.</param>
    /// <param name="realtimeLeadNs">Wall time less the time of the lines, now.</param>
    /// <returns>How many lines were taken; 0 without a log.</returns>
    public int TakeFates(LinkDirections direction, Span<PacketFate> into, out long lost, out long realtimeLeadNs)
    {
        lock (_gate)
        {
            var log = (direction == LinkDirections.Up ? _up : _down).Pipeline.Fates;
            lost = log?.Lost ?? 0;
            realtimeLeadNs = -_up.ToMonotonicNs(0);
            return log?.Take(into) ?? 0;
        }
    }

    /// <summary>Takes both interfaces down or up, so that both far ends lose or regain their carrier. Down loses what is inside.</summary>
    /// <returns>When the link stopped or began to pass packets, CLOCK_REALTIME ns.</returns>
    /// <exception cref="LinuxException">An interface is gone, or this process may not change it.</exception>
    public long SetCarrier(bool hasCarrier)
    {
        lock (_gate)
        {
            var changedNs = Change(LinkDirections.Both, now => now with { HasCarrier = hasCarrier });
            return hasCarrier ? _clock.RealtimeNs : changedNs;
        }
    }

    /// <summary>Stops forwarding; what is inside is lost. Counters and fates no longer change and can still be read.</summary>
    public void Stop()
    {
        if (!_stopping)
        {
            _stopping = true;
            _wake.Signal();
            _thread.Join();
        }
    }

    /// <summary>Stops forwarding and closes both sockets.</summary>
    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        Stop();
        _isClosed = true;
        _wake.Dispose();
        _lan.Dispose();
        _wan.Dispose();
    }

    private ReadOnlySpan<Direction> Of(LinkDirections directions) => directions switch
    {
        LinkDirections.Up => new[] { _up },
        LinkDirections.Down => new[] { _down },
        LinkDirections.Both => new[] { _up, _down },
        _ => [],
    };

    private long Change(LinkDirections directions, Func<LinkImpairments, LinkImpairments> change)
    {
        TakeInAll();
        var nowNs = _clock.MonotonicNs;
        foreach (var direction in Of(directions))
        {
            direction.Pipeline.Change(nowNs, change);
        }

        var changedNs = _clock.RealtimeNs;
        FollowCarrier();

        // What was taken in here may be due before the thread meant to wake.
        _wake.Signal();
        return changedNs;
    }

    private void TakeInAll()
    {
        while (!_up.TakeIn())
        {
        }

        while (!_down.TakeIn())
        {
        }
    }

    /// <summary>Takes the interfaces down or up when a change says so.</summary>
    private void FollowCarrier()
    {
        var wanted = _up.Pipeline.Impairments.HasCarrier && _down.Pipeline.Impairments.HasCarrier;
        if (wanted != _hasCarrier)
        {
            _hasCarrier = wanted;
            SetInterfaces(wanted);
        }
    }

    private void SetInterfaces(bool isUp)
    {
        _lan.SetUp(isUp);
        _wan.SetUp(isUp);
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
    /// <param name="nextNs">When to look again at the latest.</param>
    /// <returns>When to look again after that.</returns>
    private long Turn(long nextNs)
    {
        // Under load there is always something in the rings, and nothing is asked of the kernel.
        var (hasLan, hasWan) = (_lanLeft || _lan.HasWaiting, _wanLeft || _wan.HasWaiting);
        if (!hasLan && !hasWan && WaitUntilNear(nextNs))
        {
            TakeSignals();
            (hasLan, hasWan) = (_poll.IsReadable(LanIndex), _poll.IsReadable(WanIndex));
        }

        lock (_gate)
        {
            // Before a planned change, all that arrived before it.
            var isChange = Math.Min(_up.Pipeline.NextChangeNs, _down.Pipeline.NextChangeNs) <= _clock.MonotonicNs;
            _lanLeft = (hasLan || isChange) && !_up.TakeIn();
            _wanLeft = (hasWan || isChange) && !_down.TakeIn();
            _up.SendDue();
            _down.SendDue();
            FollowCarrier();
            return Math.Min(_up.NextNs, _down.NextNs);
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

    private void TakeSignals()
    {
        if (_poll.IsReadable(WakeIndex))
        {
            _wake.Drain();
        }

        if (_poll.IsBroken(LanIndex))
        {
            _lan.TakeError();
        }

        if (_poll.IsBroken(WanIndex))
        {
            _wan.TakeError();
        }
    }
}

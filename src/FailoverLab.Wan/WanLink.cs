using FailoverLab.Dataplane;
using FailoverLab.Emulator;
using FailoverLab.Linux;
using FailoverLab.Primitives;

namespace FailoverLab.Wan;

/// <summary>
/// A running WAN link between two interfaces, with a thread for each direction. It forwards whole frames both ways, each when it is due by the
/// kernel's receive stamp, so that time spent waiting to be read does not add to the delay. Safe from any thread.
/// </summary>
public sealed class WanLink : IDisposable
{
    private readonly Lock _carrierGate = new();
    private readonly PacketSocket _lan;
    private readonly PacketSocket _wan;
    private readonly DirectionLoop _up;
    private readonly DirectionLoop _down;
    private readonly LatencyHistogram _upLateness = new();
    private readonly LatencyHistogram _downLateness = new();
    private readonly IClock _clock;
    private readonly Action<string>? _failed;
    private bool _hasCarrier;
    private int _hasFailed;
    private bool _isClosed;

    private WanLink(WanLinkSetting setting, PacketSocket lan, PacketSocket wan, IClock clock)
    {
        Name = setting.Name;
        (_lan, _wan, _clock, _failed) = (lan, wan, clock, setting.Failed);
        _hasCarrier = setting.Up.HasCarrier && setting.Down.HasCarrier;
        var random = new SeededRandom(setting.Seed);
        var frameBytes = Math.Max(lan.MaxFrameBytes, wan.MaxFrameBytes);
        _up = Make(lan, wan, setting.Up, "up", _upLateness);
        _down = Make(wan, lan, setting.Down, "down", _downLateness);

        DirectionLoop Make(PacketSocket source, PacketSocket target, LinkImpairments initial, string word, LatencyHistogram lateness)
        {
            var pipeline = new LinkPipeline(initial, random.Split($"{Name}/{word}"), slotBytes: frameBytes)
            {
                StandsStill = true,
                Fates = setting.LogLines > 0 ? new FateRing(setting.LogLines) : null,
            };
            return new DirectionLoop(
                Name, word, new Direction(source, target, pipeline, clock, lateness, setting.Gate), source, clock, FollowCarrier, Fail);
        }
    }

    /// <summary>Link name.</summary>
    public string Name { get; }

    /// <summary>Whether it forwards; <see langword="false"/> after an interface vanished or <see cref="Stop"/>.</summary>
    public bool IsRunning => _up.IsRunning && _down.IsRunning;

    /// <summary>What became of the packets so far.</summary>
    public WanCounters Counters
    {
        get
        {
            lock (_up.Gate)
            {
                lock (_down.Gate)
                {
                    return new WanCounters(
                        _up.Direction.Pipeline.Counters,
                        _down.Direction.Pipeline.Counters,
                        _up.Direction.Refused + _down.Direction.Refused,
                        _lan.Oversized + _wan.Oversized + _up.Direction.Uncut + _down.Direction.Uncut,
                        _lan.ReadMissed() + _wan.ReadMissed(),
                        Later(_upLateness.PercentileNs(0.99), _downLateness.PercentileNs(0.99)),
                        Math.Max(_upLateness.MaxNs, _downLateness.MaxNs));
                }
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
    /// <param name="failed">Told once, on one of the link's threads, why the link stopped by itself: an interface vanished. Other links go on.</param>
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

        link._up.Start();
        link._down.Start();
        return link;
    }

    /// <summary>What a direction does to packets now.</summary>
    /// <param name="direction"><see cref="LinkDirections.Up"/> or <see cref="LinkDirections.Down"/>.</param>
    public LinkImpairments Read(LinkDirections direction)
    {
        var loop = Of(direction);
        lock (loop.Gate)
        {
            return loop.Direction.Pipeline.Impairments;
        }
    }

    /// <summary>Changes what the link does to packets that arrive from the call on; those that arrived before are taken in first.</summary>
    /// <param name="directions">Which; both change at one instant.</param>
    /// <param name="change">New values from the old: <c>now =&gt; now with { Drop = true }</c>.</param>
    /// <returns>When it took effect, CLOCK_REALTIME ns.</returns>
    public long Apply(LinkDirections directions, Func<LinkImpairments, LinkImpairments> change)
    {
        var (calledNs, calledRealtimeNs) = (_clock.MonotonicNs, _clock.RealtimeNs);
        lock (_up.Gate)
        {
            lock (_down.Gate)
            {
                return Change(directions, change, calledNs, calledRealtimeNs);
            }
        }
    }

    /// <summary>
    /// Plans a change for packets that arrive at an instant or later, by their stamps; those that arrived before are handled first. Going
    /// down loses what is inside then and not due yet. An instant that has passed is now.
    /// </summary>
    /// <param name="realtimeNs">The instant, CLOCK_REALTIME ns.</param>
    /// <param name="directions">Which.</param>
    /// <param name="change">New values from those in force then; called on the direction's thread.</param>
    /// <returns>When the link had switched, CLOCK_REALTIME ns; never completes when the link ends before.</returns>
    public Task<long> ApplyAt(long realtimeNs, LinkDirections directions, Func<LinkImpairments, LinkImpairments> change) =>
        Plan(_up.Direction.ToMonotonicNs(realtimeNs), directions, change).Switched;

    /// <summary>As <see cref="ApplyAt"/>, by the clock that nobody steps, and with a way to call it off.</summary>
    /// <param name="monotonicNs">The instant, CLOCK_MONOTONIC ns.</param>
    /// <param name="directions">Which.</param>
    /// <param name="change">New values from those in force then; called on the direction's thread.</param>
    public PlannedChange Plan(long monotonicNs, LinkDirections directions, Func<LinkImpairments, LinkImpairments> change)
    {
        var (calledNs, calledRealtimeNs) = (_clock.MonotonicNs, _clock.RealtimeNs);
        var planned = new PlannedChange(monotonicNs - _up.Direction.ToMonotonicNs(0), directions == LinkDirections.Both ? 2 : 1, change, _clock);
        lock (_up.Gate)
        {
            lock (_down.Gate)
            {
                if (directions == LinkDirections.None || monotonicNs <= _clock.MonotonicNs)
                {
                    return PlannedChange.Made(Change(directions, change, calledNs, calledRealtimeNs), _clock);
                }

                foreach (var loop in Each(directions))
                {
                    loop.Direction.Pipeline.ChangeAt(monotonicNs, planned.Make);
                }
            }
        }

        WakeBoth();
        return planned;
    }

    /// <summary>Takes what has been logged of a direction since the last call.</summary>
    /// <param name="direction"><see cref="LinkDirections.Up"/> or <see cref="LinkDirections.Down"/>.</param>
    /// <param name="into">Room for it.</param>
    /// <param name="lost">Lines lost so far because nobody took the others in time.</param>
    /// <param name="realtimeLeadNs">Wall time less the time of the lines, now.</param>
    /// <returns>How many lines were taken; 0 without a log.</returns>
    public int TakeFates(LinkDirections direction, Span<PacketFate> into, out long lost, out long realtimeLeadNs)
    {
        var loop = Of(direction);
        lock (loop.Gate)
        {
            var log = loop.Direction.Pipeline.Fates;
            lost = log?.Lost ?? 0;
            realtimeLeadNs = -loop.Direction.ToMonotonicNs(0);
            return log?.Take(into) ?? 0;
        }
    }

    /// <summary>Takes both interfaces down or up, so that both far ends lose or regain their carrier. Down loses what is inside.</summary>
    /// <returns>When the link stopped or began to pass packets, CLOCK_REALTIME ns.</returns>
    /// <exception cref="LinuxException">An interface is gone, or this process may not change it.</exception>
    public long SetCarrier(bool hasCarrier)
    {
        var (calledNs, calledRealtimeNs) = (_clock.MonotonicNs, _clock.RealtimeNs);
        lock (_up.Gate)
        {
            lock (_down.Gate)
            {
                var changedNs = Change(LinkDirections.Both, now => now with { HasCarrier = hasCarrier }, calledNs, calledRealtimeNs);
                return hasCarrier ? _clock.RealtimeNs : changedNs;
            }
        }
    }

    /// <summary>Stops forwarding; what is inside is lost. Counters and fates no longer change and can still be read.</summary>
    public void Stop()
    {
        _up.Stop();
        _down.Stop();
        _up.Join();
        _down.Join();
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
        _up.Dispose();
        _down.Dispose();
        _lan.Dispose();
        _wan.Dispose();
    }

    private static long? Later(long? oneNs, long? otherNs) => oneNs is null || otherNs > oneNs ? otherNs : oneNs;

    private DirectionLoop Of(LinkDirections direction) => direction == LinkDirections.Up ? _up : _down;

    private ReadOnlySpan<DirectionLoop> Each(LinkDirections directions) => directions switch
    {
        LinkDirections.Up => new[] { _up },
        LinkDirections.Down => new[] { _down },
        LinkDirections.Both => new[] { _up, _down },
        _ => [],
    };

    /// <summary>Changes directions at one instant, the call's if nothing that arrived later was taken in meanwhile. Both gates are held.</summary>
    private long Change(LinkDirections directions, Func<LinkImpairments, LinkImpairments> change, long calledNs, long calledRealtimeNs)
    {
        var atNs = calledNs;
        foreach (var loop in Each(directions))
        {
            atNs = Math.Max(atNs, loop.Direction.LastArrivalNs);
        }

        foreach (var loop in Each(directions))
        {
            // What waits to be read and arrived before the instant is before the change.
            loop.Direction.Pipeline.ChangeAt(atNs, change);
            while (!loop.Direction.TakeIn())
            {
            }

            loop.Direction.Pipeline.Change(Math.Max(atNs, _clock.MonotonicNs), static now => now);
        }

        FollowCarrier();

        // What was taken in here may be due before the threads meant to wake.
        WakeBoth();
        return calledRealtimeNs + atNs - calledNs;
    }

    private void WakeBoth()
    {
        _up.Wake();
        _down.Wake();
    }

    /// <summary>Takes the interfaces down or up when a change says so.</summary>
    private void FollowCarrier()
    {
        if (WantsCarrier() == Volatile.Read(ref _hasCarrier))
        {
            return;
        }

        lock (_carrierGate)
        {
            var wanted = WantsCarrier();
            if (wanted != _hasCarrier)
            {
                Volatile.Write(ref _hasCarrier, wanted);
                SetInterfaces(wanted);
            }
        }
    }

    private bool WantsCarrier() => _up.Direction.Pipeline.Impairments.HasCarrier && _down.Direction.Pipeline.Impairments.HasCarrier;

    /// <summary>One that is gone keeps the other from nothing.</summary>
    private void SetInterfaces(bool isUp)
    {
        try
        {
            _lan.SetUp(isUp);
        }
        finally
        {
            _wan.SetUp(isUp);
        }
    }

    /// <summary>One direction ended by itself, on its thread: the other ends too.</summary>
    private void Fail(string reason)
    {
        _up.Stop();
        _down.Stop();
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0)
        {
            _failed?.Invoke(reason);
        }
    }
}

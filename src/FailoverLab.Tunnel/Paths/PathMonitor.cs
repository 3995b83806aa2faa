namespace FailoverLab.Tunnel;

/// <summary>
/// Health of one path (one tunnel) as its near end sees it: silence against the detection time, and quality against the SLA with
/// hysteresis. Time and datagrams in, state out; allocates nothing.
/// </summary>
public sealed class PathMonitor
{
    private const int GuardedMultiple = 8;

    /// <summary>Loss is told from keepalives alone where nothing else is carried, so the window must hold enough of them.</summary>
    private const int KeepalivesInWindow = 30;
    private const long LongestStretchNs = 5_000_000_000;

    private readonly int _multiplier;
    private readonly PathSla _sla;
    private readonly JitterMeter _inboundJitter = new();
    private readonly LossWindow _inboundLoss;
    private readonly LossWindow _outboundLoss;
    private long _intervalNs;
    private long _lastHeardNs = long.MinValue;
    private long _quickSinceNs = long.MinValue;
    private long _peerJitterNs;
    private string _lostReason = "never-heard";
    private long _newestEchoNs;
    private long _unheardSinceNs;
    private ulong _peerSession;
    private bool _cleanPeriodBroken = true;
    private bool _linkUp = true;
    private bool _lossBad;
    private bool _latencyBad;
    private bool _jitterBad;

    /// <summary>Begins dead: never heard.</summary>
    public PathMonitor(PathTimers timers, PathSla sla)
    {
        (_intervalNs, _multiplier) = (timers.KeepaliveNs, timers.Multiplier);
        _sla = sla;
        var windowNs = Math.Max(sla.Window.Ticks * 100, Math.Min(timers.KeepaliveNs * KeepalivesInWindow, LongestStretchNs));
        _inboundLoss = new LossWindow(windowNs);
        _outboundLoss = new LossWindow(windowNs);
    }

    /// <summary>The verdict of the last <see cref="Evaluate"/>.</summary>
    public PathHealth Health { get; private set; } = PathHealth.Dead;

    /// <summary>Why it is not alive: <c>silence</c>, <c>no-echo</c>, <c>link-down</c>, <c>unreachable</c>, <c>loss</c>, <c>latency</c>, <c>jitter</c>; <c>none</c> when it is.</summary>
    public string Reason { get; private set; } = "never-heard";

    /// <summary>Since when the path has been alive without a break, monotonic ns; meaningful only while it is.</summary>
    public long AliveSinceNs { get; private set; }

    /// <summary>Smoothed round-trip time (gain 1/8), ns; 0 before the first measurement.</summary>
    public long RttNs { get; private set; }

    /// <summary>The larger jitter of both directions, ns.</summary>
    public long JitterNs => Math.Max(_inboundJitter.JitterNs, _peerJitterNs);

    /// <summary>Jitter of what we receive, ns; told to the peer.</summary>
    public long InboundJitterNs => _inboundJitter.JitterNs;

    /// <summary>The larger loss of both directions when there was last enough to tell, 0..1; 0 before that.</summary>
    public double Loss { get; private set; }

    /// <summary>The largest measure over its limit; above 1 when degraded.</summary>
    public double Penalty => Math.Max(
        Loss / Math.Max(_sla.Loss.Value, 1e-6),
        Math.Max(RttNs / Math.Max(_sla.Latency.Ticks * 100.0, 1), JitterNs / Math.Max(_sla.Jitter.Ticks * 100.0, 1)));

    /// <summary>
    /// Silence after which the path is dead: the multiple of the keepalive interval, stretched where measured jitter would
    /// otherwise make every late keepalive a death, at most eightfold.
    /// </summary>
    public long DetectionNs
    {
        get
        {
            var plain = _intervalNs * _multiplier;
            return Math.Clamp(_intervalNs + (4 * _inboundJitter.JitterNs), plain, plain * GuardedMultiple);
        }
    }

    /// <summary>
    /// When to conclude that we hear the peer but it does not hear us: none of our keepalives was echoed for the detection time and
    /// two intervals beyond the round trip. Needs the echo of our own keepalives, so <see cref="long.MaxValue"/> before the first.
    /// </summary>
    private long EchoDeadlineNs => _newestEchoNs == 0 ? long.MaxValue : Math.Max(_newestEchoNs, _quickSinceNs) + RttNs + DetectionNs + (2 * _intervalNs);

    /// <summary>Since when silence counts: a peer that was asked to speak more often is given a round trip to begin.</summary>
    private long SilentSinceNs => Math.Max(_lastHeardNs, _quickSinceNs == long.MinValue ? long.MinValue : _quickSinceNs + RttNs);

    /// <summary>Whether the peer was asked to speak more often and has not been heard since: then half an interval beyond the round trip is suspicious.</summary>
    private bool IsAwaited => _lastHeardNs < _quickSinceNs;

    private long SuspicionNs => Math.Min((IsAwaited ? _intervalNs / 2 : _intervalNs * 3 / 2) + (4 * _inboundJitter.JitterNs), DetectionNs);

    /// <summary>An authentic datagram came. While the link is down it is one that waited in a queue, and proves nothing.</summary>
    public void OnHeard(long nowNs) => _lastHeardNs = _linkUp ? nowNs : _lastHeardNs;

    /// <summary>Keepalives come at another pace from now on. Silence at the slower pace is not held against the path.</summary>
    /// <param name="intervalNs">Between two keepalives.</param>
    /// <param name="nowNs">Monotonic time.</param>
    public void UseInterval(long intervalNs, long nowNs)
    {
        _quickSinceNs = intervalNs < _intervalNs ? nowNs : _quickSinceNs;
        _intervalNs = intervalNs;
    }

    /// <summary>The link can carry packets again; the path lives when it is heard.</summary>
    public void OnLinkUp() => _linkUp = true;

    /// <summary>The link went down: dead until it is up and heard again.</summary>
    public void OnLinkDown()
    {
        _linkUp = false;
        OnLost("link-down");
    }

    /// <summary>Sending says there is no way: dead until heard again.</summary>
    /// <param name="reason">Which.</param>
    public void OnLost(string reason) => (_lastHeardNs, _lostReason) = (long.MinValue, reason);

    /// <summary>A keepalive with statistics came.</summary>
    /// <param name="peer">What it says.</param>
    /// <param name="ownReceived">Datagrams received on this tunnel.</param>
    /// <param name="ownHighest">Highest sequence among them.</param>
    /// <param name="nowNs">Monotonic time.</param>
    public void OnKeepalive(in KeepalivePayload peer, uint ownReceived, uint ownHighest, long nowNs)
    {
        if (peer.Session != _peerSession)
        {
            _peerSession = peer.Session;
            ForgetQuality();
        }

        _inboundJitter.Add(peer.SentNs, nowNs);
        _peerJitterNs = peer.JitterUs * 1000L;
        _inboundLoss.Add(ownHighest, ownReceived, nowNs);
        _outboundLoss.Add(peer.HighestReceived, peer.Received, nowNs);
        var rtt = nowNs - peer.EchoNs - peer.EchoHeldNs;
        if (peer.EchoNs != 0 && rtt >= 0)
        {
            _newestEchoNs = Math.Max(_newestEchoNs, peer.EchoNs);
            _unheardSinceNs = peer.EchoNs > _unheardSinceNs ? 0 : _unheardSinceNs;
            RttNs = RttNs == 0 ? rtt : RttNs + ((rtt - RttNs) / 8);
        }

        var (inbound, outbound) = (_inboundLoss.Loss(nowNs), _outboundLoss.Loss(nowNs));
        if (inbound is not null || outbound is not null)
        {
            Loss = Math.Max(inbound ?? 0, outbound ?? 0);
            _lossBad = Loss > (_lossBad ? _sla.Loss.Value / 2 : _sla.Loss.Value);
        }

        _latencyBad = IsAbove(RttNs, _sla.Latency, _latencyBad);
        _jitterBad = IsAbove(JitterNs, _sla.Jitter, _jitterBad);
    }

    /// <summary>Judges the path.</summary>
    /// <param name="nowNs">Monotonic time.</param>
    /// <param name="graceUntilNs">From <see cref="StallGuard"/>.</param>
    /// <returns>Whether <see cref="Health"/> changed.</returns>
    public bool Evaluate(long nowNs, long graceUntilNs)
    {
        var (health, reason) = Judge(nowNs, graceUntilNs);
        if (health == Health)
        {
            return false;
        }

        if (health == PathHealth.Alive && _cleanPeriodBroken)
        {
            (AliveSinceNs, _cleanPeriodBroken) = (nowNs, false);
        }

        _cleanPeriodBroken |= health is PathHealth.Degraded or PathHealth.Dead;
        if (health == PathHealth.Dead)
        {
            // A path that fell silent lives when it is heard anew, not when a slower pace makes its silence look short.
            (_lastHeardNs, _lostReason) = reason == "silence" ? (long.MinValue, reason) : (_lastHeardNs, _lostReason);
            _unheardSinceNs = reason == "no-echo" ? _newestEchoNs : 0;
            ForgetQuality();
        }

        (Health, Reason) = (health, reason);
        return true;
    }

    /// <summary>When <see cref="Evaluate"/> may change its mind without a datagram; <see cref="long.MaxValue"/> for a dead path.</summary>
    public long NextDeadlineNs(long nowNs, long graceUntilNs)
    {
        if (Health == PathHealth.Dead)
        {
            return long.MaxValue;
        }

        var deadline = SilentSinceNs + (Health == PathHealth.Suspect ? DetectionNs : SuspicionNs);
        deadline = Math.Min(deadline, EchoDeadlineNs);
        return deadline > nowNs ? deadline : Math.Max(graceUntilNs, nowNs + (_intervalNs / 4));
    }

    /// <summary>What was measured before an outage, and the datagrams lost in it, say nothing about the path after it.</summary>
    private void ForgetQuality()
    {
        _inboundJitter.Reset();
        _inboundLoss.Reset();
        _outboundLoss.Reset();
        (RttNs, Loss, _peerJitterNs, _newestEchoNs) = (0, 0, 0, 0);
        (_lossBad, _latencyBad, _jitterBad) = (false, false, false);
    }

    private static bool IsAbove(long valueNs, TimeSpan limit, bool wasAbove) => valueNs > limit.Ticks * (wasAbove ? 80 : 100);

    private (PathHealth Health, string Reason) Judge(long nowNs, long graceUntilNs)
    {
        if (_lastHeardNs == long.MinValue)
        {
            return (PathHealth.Dead, _lostReason);
        }

        var silence = nowNs - (Health == PathHealth.Dead ? _lastHeardNs : SilentSinceNs);
        if (nowNs < graceUntilNs && silence >= SuspicionNs && Health != PathHealth.Dead)
        {
            return (Health, Reason);
        }

        if (silence >= DetectionNs)
        {
            return (PathHealth.Dead, "silence");
        }

        // Suspected and asked again: not cleared by the asking.
        if (silence >= SuspicionNs || (Health == PathHealth.Suspect && IsAwaited))
        {
            return Health == PathHealth.Dead ? (PathHealth.Dead, Reason) : (PathHealth.Suspect, "silence");
        }

        if (_unheardSinceNs != 0)
        {
            return (PathHealth.Dead, "no-echo");
        }

        if (nowNs >= EchoDeadlineNs && nowNs >= graceUntilNs)
        {
            return (PathHealth.Dead, "no-echo");
        }

        return _lossBad ? (PathHealth.Degraded, "loss")
            : _latencyBad ? (PathHealth.Degraded, "latency")
            : _jitterBad ? (PathHealth.Degraded, "jitter")
            : (PathHealth.Alive, "none");
    }
}

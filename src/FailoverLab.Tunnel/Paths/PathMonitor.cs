namespace FailoverLab.Tunnel;

/// <summary>
/// Health of one path (one tunnel) as its near end sees it: silence against the detection time, and quality against the SLA with
/// hysteresis. Time and datagrams in, state out; allocates nothing.
/// </summary>
public sealed class PathMonitor
{
    /// <summary>The <see cref="Reason"/> of a path of which nothing was heard.</summary>
    public const string Silence = "silence";

    private const int GuardedMultiple = 8;

    /// <summary>Loss is told from keepalives alone where nothing else is carried, so the window must hold enough of them.</summary>
    private const int KeepalivesInWindow = 30;
    private const long LongestStretchNs = 5_000_000_000;
    private const long NsPerMs = 1_000_000;

    /// <summary>What is told in whole ms of one instant differs by less, and a queue is read in less.</summary>
    private const long ToldWithinNs = 2 * NsPerMs;

    private readonly int _multiplier;
    private readonly PathSla _sla;
    private readonly StallGuard _stall;
    private readonly JitterMeter _inboundJitter = new();
    private readonly LossWindow _inboundLoss;
    private readonly LossWindow _outboundLoss;
    private long _intervalNs;
    private long _lastHeardNs = long.MinValue;
    private long _quickSinceNs = long.MinValue;
    private long _condemnedSinceNs = long.MinValue;
    private long _rttBeforeNs;
    private long _peerPauseEndedNs = long.MinValue / 2;
    private long _graceNs = long.MinValue / 2;
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
    /// <param name="timers">Keepalives.</param>
    /// <param name="sla">Limits of quality.</param>
    /// <param name="stall">Says when we stood still ourselves.</param>
    public PathMonitor(PathTimers timers, PathSla sla, StallGuard stall)
    {
        _stall = stall;
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
    private long EchoDeadlineNs => _newestEchoNs == 0
        ? long.MaxValue
        : Math.Max(Math.Max(_newestEchoNs, _quickSinceNs) + DetectionNs, _stall.PauseEndedNs + SlackNs) + RttNs + (2 * _intervalNs);

    /// <summary>Since when silence counts: a peer that was asked to speak more often is given a round trip to begin.</summary>
    private long SilentSinceNs => Math.Max(_lastHeardNs, _quickSinceNs == long.MinValue ? long.MinValue : _quickSinceNs + RttNs);

    /// <summary>Whether the peer was asked to speak more often and has not been heard since: then half an interval beyond the round trip is suspicious.</summary>
    private bool IsAwaited => _lastHeardNs < _quickSinceNs;

    private long LastRttNs => RttNs == 0 ? _rttBeforeNs : RttNs;

    private long SuspicionNs => Math.Min((IsAwaited ? 0 : _intervalNs) + SlackNs, DetectionNs);

    /// <summary>By how much a keepalive may be late.</summary>
    private long SlackNs => (_intervalNs / 2) + (4 * _inboundJitter.JitterNs);

    private long GraceUntilNs => Math.Max(_graceNs, _stall.GraceUntilNs);

    /// <summary>An authentic datagram came. While the link is down it is one that waited in a queue, and proves nothing.</summary>
    public void OnHeard(long nowNs) => (_lastHeardNs, _condemnedSinceNs) = _linkUp ? (nowNs, long.MinValue) : (_lastHeardNs, _condemnedSinceNs);

    /// <summary>Keepalives come at another pace from now on. Silence at the slower pace is not held against the path.</summary>
    /// <param name="intervalNs">Between two keepalives.</param>
    /// <param name="nowNs">Monotonic time.</param>
    public void UseInterval(long intervalNs, long nowNs)
    {
        _quickSinceNs = intervalNs < _intervalNs ? nowNs : _quickSinceNs;
        _intervalNs = intervalNs;
    }

    /// <summary>We stood still and asked nothing, and the peer speaks when it is asked: it is given the round trip of the first question after.</summary>
    public void OnUnasked() => _graceNs = Math.Max(_graceNs, _stall.PauseEndedNs + RttNs + SlackNs);

    /// <summary>
    /// The peer says that it stood still: it is given until it can be heard again on this path. A path condemned for nothing else is suspect again.
    /// </summary>
    /// <param name="peer">What it says, on any path; each pause counts once.</param>
    /// <param name="heard">The path that brought the word, before it took the round trip of the same keepalive.</param>
    /// <param name="nowNs">Monotonic time.</param>
    public void OnPeerPaused(in KeepalivePayload peer, PathMonitor heard, long nowNs)
    {
        var agoNs = peer.Pause.AgoMs * NsPerMs;
        if (peer.Pause.LengthMs == 0 || Math.Abs(peer.SentNs - agoNs - _peerPauseEndedNs) < ToldWithinNs)
        {
            return;
        }

        _peerPauseEndedNs = peer.SentNs - agoNs;
        var heardAgainNs = nowNs - agoNs + ((LastRttNs - heard.LastRttNs) / 2);
        _graceNs = Math.Max(_graceNs, heardAgainNs + SlackNs);
        if (_condemnedSinceNs >= heardAgainNs - (peer.Pause.LengthMs * NsPerMs) - DetectionNs && nowNs < _graceNs)
        {
            (_lastHeardNs, RttNs, _condemnedSinceNs) = (_condemnedSinceNs, _rttBeforeNs, long.MinValue);
            (Health, Reason) = (PathHealth.Suspect, Silence);
        }
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
    public void OnLost(string reason) => (_lastHeardNs, _lostReason, _condemnedSinceNs) = (long.MinValue, reason, long.MinValue);

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
            RttNs = HasWaited(peer, nowNs) ? RttNs : RttNs == 0 ? rtt : RttNs + ((rtt - RttNs) / 8);
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
    /// <returns>Whether <see cref="Health"/> changed.</returns>
    public bool Evaluate(long nowNs)
    {
        var (health, reason) = Judge(nowNs);
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
            var silentSinceNs = SilentSinceNs;

            // A path that fell silent lives when it is heard anew, not when a slower pace makes its silence look short.
            (_lastHeardNs, _lostReason) = reason == Silence ? (long.MinValue, reason) : (_lastHeardNs, _lostReason);
            _condemnedSinceNs = reason == Silence ? silentSinceNs : _condemnedSinceNs;
            _unheardSinceNs = reason == "no-echo" ? _newestEchoNs : 0;
            ForgetQuality();
        }

        (Health, Reason) = (health, reason);
        return true;
    }

    /// <summary>When <see cref="Evaluate"/> may change its mind without a datagram; <see cref="long.MaxValue"/> for a dead path.</summary>
    public long NextDeadlineNs(long nowNs)
    {
        if (Health == PathHealth.Dead)
        {
            return long.MaxValue;
        }

        var deadline = SilentSinceNs + (Health == PathHealth.Suspect ? DetectionNs : SuspicionNs);
        deadline = Math.Min(deadline, EchoDeadlineNs);
        return deadline > nowNs ? deadline : Math.Max(GraceUntilNs, nowNs + (_intervalNs / 4));
    }

    /// <summary>What was measured before an outage, and the datagrams lost in it, say nothing about the path after it.</summary>
    private void ForgetQuality()
    {
        _inboundJitter.Reset();
        _inboundLoss.Reset();
        _outboundLoss.Reset();
        _rttBeforeNs = LastRttNs;
        (RttNs, Loss, _peerJitterNs, _newestEchoNs) = (0, 0, 0, 0);
        (_lossBad, _latencyBad, _jitterBad) = (false, false, false);
    }

    /// <summary>Whether a keepalive, or what it echoes, lay in a queue while its reader stood still: its round trip is not the path's.</summary>
    private bool HasWaited(in KeepalivePayload peer, long nowNs) =>
        nowNs - _stall.PauseEndedNs < ToldWithinNs
        || (peer.Pause.LengthMs > 0 && Math.Abs(peer.EchoHeldNs - (peer.Pause.AgoMs * NsPerMs)) < ToldWithinNs);

    private static bool IsAbove(long valueNs, TimeSpan limit, bool wasAbove) => valueNs > limit.Ticks * (wasAbove ? 80 : 100);

    private (PathHealth Health, string Reason) Judge(long nowNs)
    {
        if (_lastHeardNs == long.MinValue)
        {
            return (PathHealth.Dead, _lostReason);
        }

        var silence = nowNs - (Health == PathHealth.Dead ? _lastHeardNs : SilentSinceNs);
        if (nowNs < GraceUntilNs && silence >= SuspicionNs && Health != PathHealth.Dead)
        {
            return (Health, Reason);
        }

        if (silence >= DetectionNs)
        {
            return (PathHealth.Dead, Silence);
        }

        // Suspected and asked again: not cleared by the asking.
        if (silence >= SuspicionNs || (Health == PathHealth.Suspect && IsAwaited))
        {
            return Health == PathHealth.Dead ? (PathHealth.Dead, Reason) : (PathHealth.Suspect, Silence);
        }

        if (_unheardSinceNs != 0)
        {
            return (PathHealth.Dead, "no-echo");
        }

        if (nowNs >= EchoDeadlineNs && nowNs >= GraceUntilNs)
        {
            return (PathHealth.Dead, "no-echo");
        }

        return _lossBad ? (PathHealth.Degraded, "loss")
            : _latencyBad ? (PathHealth.Degraded, "latency")
            : _jitterBad ? (PathHealth.Degraded, "jitter")
            : (PathHealth.Alive, "none");
    }
}

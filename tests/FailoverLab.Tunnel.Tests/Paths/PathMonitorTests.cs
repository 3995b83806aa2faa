namespace FailoverLab.Tunnel.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PathMonitorTests
{
    private const long Ms = 1_000_000;

    private readonly StallGuard _stall = new(10 * Ms);
    private readonly PathMonitor _monitor;
    private uint _sequence;
    private uint _received;
    private long _now = 1000 * Ms;

    public PathMonitorTests() => _monitor = new PathMonitor(new PathTimers(10 * Ms, 3), PathSla.Default, _stall);

    [Test]
    public void Evaluate_NeverHeard_Dead()
    {
        Assert.That(_monitor.Evaluate(_now), Is.False);
        Assert.That((_monitor.Health, _monitor.NextDeadlineNs(_now)), Is.EqualTo((PathHealth.Dead, long.MaxValue)));
    }

    [Test]
    public void Evaluate_Silence_SuspectAfterOneAndAHalfIntervalsDeadAfterThree()
    {
        Hear(20);
        Assert.That(Judge(14), Is.EqualTo(PathHealth.Alive));
        Assert.That(_monitor.NextDeadlineNs(_now), Is.EqualTo(_now + (1 * Ms)));
        Assert.That(Judge(1), Is.EqualTo(PathHealth.Suspect));
        Assert.That(Judge(14), Is.EqualTo(PathHealth.Suspect));
        Assert.That(Judge(1), Is.EqualTo(PathHealth.Dead));
        Assert.That(_monitor.Reason, Is.EqualTo("silence"));
    }

    [Test]
    public void Evaluate_SilenceWithinGrace_NotCondemned()
    {
        Hear(20);
        _stall.WillWakeBy(_now);
        _now += 80 * Ms;
        Assert.That(_stall.Woke(_now), Is.True);
        _monitor.Evaluate(_now);
        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Alive));
        Assert.That(Judge(10), Is.EqualTo(PathHealth.Dead));
    }

    [Test]
    public void Evaluate_WeStoodStill_FirstQuestionAfterIsGivenItsRoundTrip()
    {
        Hear(60, rtt: 50 * Ms);
        Pause(40);

        // Answers to what was asked before are on their way for a round trip.
        Keepalive(echo: _now - (50 * Ms));
        Assert.That(Judge(10), Is.EqualTo(PathHealth.Alive));
        Keepalive(echo: _now - (50 * Ms));
        Assert.That(Judge(44), Is.EqualTo(PathHealth.Alive), "asked again when the pause was over, it answers a round trip later");
        Assert.That(Judge(1), Is.EqualTo(PathHealth.Dead), "and no more than half an interval is to spare");
    }

    [Test]
    public void Evaluate_PeerStoodStillAndSaysSoOnAQuickerPath_GivenUntilItCanBeHeardOnThisOne([Values] bool isHeard)
    {
        Hear(60, rtt: 50 * Ms);
        var quick = Quick();
        Assert.That(Judge(25), Is.EqualTo(PathHealth.Suspect));
        _monitor.OnPeerPaused(Word(35, 0), quick, _now);
        Assert.That(Judge(24), Is.EqualTo(PathHealth.Suspect), "its keepalives take 20 ms longer on this way");
        if (isHeard)
        {
            Keepalive(echo: _now - (50 * Ms));
        }

        Assert.That(Judge(1), Is.EqualTo(isHeard ? PathHealth.Alive : PathHealth.Dead));
    }

    [Test]
    public void OnPeerPaused_CondemnedForThatAlone_SuspectAgainWithItsRoundTrip()
    {
        Hear(60, rtt: 50 * Ms);
        var quick = Quick();
        Assert.That(Judge(45), Is.EqualTo(PathHealth.Dead));
        _monitor.OnPeerPaused(Word(60, 0), quick, _now);
        Assert.That((_monitor.Health, _monitor.Reason), Is.EqualTo((PathHealth.Suspect, PathMonitor.Silence)));
        Assert.That(_monitor.RttNs, Is.EqualTo(50 * Ms).Within(1 * Ms));
        Assert.That(Judge(24), Is.EqualTo(PathHealth.Suspect), "its keepalives take 20 ms longer on this way");
        Assert.That(Judge(1), Is.EqualTo(PathHealth.Dead));
    }

    [Test]
    public void OnPeerPaused_SilentForLongerThanThat_StaysDead()
    {
        Hear(60, rtt: 50 * Ms);
        var quick = Quick();
        Judge(70);
        _monitor.OnPeerPaused(Word(30, 0), quick, _now);
        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Dead));
    }

    [Test]
    public void OnPeerPaused_LinkDown_StaysDead()
    {
        Hear(60, rtt: 50 * Ms);
        _monitor.OnLinkDown();
        _monitor.Evaluate(_now);
        _monitor.OnPeerPaused(Word(255, 0), Quick(), _now);
        Assert.That(Judge(1), Is.EqualTo(PathHealth.Dead));
    }

    [Test]
    public void OnPeerPaused_SamePauseToldAgain_CountsOnce()
    {
        Hear(60, rtt: 50 * Ms);
        var quick = Quick();
        _monitor.OnPeerPaused(Word(40, 0), quick, _now);
        for (var i = 1; i < 10; i++)
        {
            _now += 10 * Ms;
            _monitor.OnPeerPaused(Word(40, (byte)(i * 10)), quick, _now);
            _monitor.Evaluate(_now);
        }

        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Dead));
    }

    [Test]
    public void OnKeepalive_EchoWaitedWhileThePeerStoodStill_RoundTripUnchanged()
    {
        Hear(60, rtt: 20 * Ms);
        _now += 80 * Ms;
        var waited = Word(70, 0) with { EchoNs = _now - (90 * Ms) };
        _monitor.OnHeard(_now);
        _monitor.OnKeepalive(waited, ++_received, ++_sequence, _now);
        Assert.That(_monitor.RttNs, Is.EqualTo(20 * Ms));
    }

    [Test]
    public void Evaluate_LossAboveLimit_DegradedUntilBelowHalfOfIt()
    {
        Hear(60);
        Hear(60, n => n % 5 == 0);
        Assert.That((_monitor.Health, _monitor.Reason), Is.EqualTo((PathHealth.Degraded, "loss")));
        Hear(60, n => n % 12 == 0);
        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Degraded), "8 % is above half of 10 %");
        Hear(60);
        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Alive));
        Assert.That(_now - _monitor.AliveSinceNs, Is.LessThan(600 * Ms));
    }

    [Test]
    public void Evaluate_LatencyAboveLimit_DegradedUntilFourFifthsOfIt()
    {
        Hear(60, rtt: 40 * Ms);
        Hear(60, rtt: 160 * Ms);
        Assert.That((_monitor.Health, _monitor.Reason), Is.EqualTo((PathHealth.Degraded, "latency")));
        Hear(60, rtt: 120 * Ms);
        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Degraded));
        Hear(60, rtt: 90 * Ms);
        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Alive));
    }

    [Test]
    public void Evaluate_OnlyOurDirectionCut_DeadForNoEchoThoughHeard()
    {
        Hear(60, rtt: 2 * Ms);
        var lastEcho = _now - (2 * Ms);
        for (var i = 0; i < 20; i++)
        {
            Keepalive(echo: lastEcho);
            _monitor.Evaluate(_now);
            _now += 10 * Ms;
        }

        Assert.That((_monitor.Health, _monitor.Reason), Is.EqualTo((PathHealth.Dead, "no-echo")));
        Hear(3);
        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Alive));
    }

    [Test]
    public void OnHeard_LinkDown_StaysDead()
    {
        Hear(20);
        _monitor.OnLinkDown();
        _monitor.Evaluate(_now);
        _monitor.OnHeard(_now);
        Assert.That(Judge(0), Is.EqualTo(PathHealth.Dead));
        _monitor.OnLinkUp();
        Hear(1);
        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Alive));
    }

    [Test]
    public void Evaluate_BackAfterOutage_DatagramsLostInItDoNotDegrade()
    {
        Hear(60);
        _sequence += 300;
        _now += 3000 * Ms;
        _monitor.Evaluate(_now);
        Hear(1);
        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Alive));
    }

    private PathHealth Judge(long afterMs)
    {
        _now += afterMs * Ms;
        _monitor.Evaluate(_now);
        return _monitor.Health;
    }

    private void Hear(int count, Func<int, bool>? isLost = null, long rtt = 2 * Ms)
    {
        for (var i = 1; i <= count; i++)
        {
            _now += 10 * Ms;
            if (isLost?.Invoke(i) == true)
            {
                _sequence++;
            }
            else
            {
                Keepalive(_now - rtt);
            }

            _monitor.Evaluate(_now);
        }
    }

    private void Pause(int ms)
    {
        _stall.Woke(_now);
        _stall.WillWakeBy(_now);
        _now += ms * Ms;
        Assert.That(_stall.Woke(_now), Is.True);
        _monitor.OnUnasked();
    }

    /// <summary>Another path to the same peer, with 10 ms of round trip.</summary>
    private PathMonitor Quick()
    {
        var quick = new PathMonitor(new PathTimers(10 * Ms, 3), PathSla.Default, _stall);
        quick.OnHeard(_now);
        quick.OnKeepalive(Word(0, 0) with { EchoNs = _now - (10 * Ms) }, 1, 1, _now);
        Assert.That(quick.RttNs, Is.EqualTo(10 * Ms));
        return quick;
    }

    /// <summary>What the peer, whose clock is an hour ahead, says of its last pause.</summary>
    private KeepalivePayload Word(byte pauseMs, byte agoMs) => new(KeepaliveRole.Router, true, 5, 5, _now + (3_600_000 * Ms), 0, 0, 10_000, _received, _sequence, 0, 1)
    {
        Pause = new PauseReport(pauseMs, agoMs),
    };

    private void Keepalive(long echo)
    {
        _sequence++;
        _received++;
        _monitor.OnHeard(_now);
        _monitor.OnKeepalive(new KeepalivePayload(KeepaliveRole.Router, true, 5, 5, _now, echo, 0, 10_000, _received, _sequence, 0, 1), _received, _sequence, _now);
    }
}

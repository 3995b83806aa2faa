namespace FailoverLab.Tunnel.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PathMonitorTests
{
    private const long Ms = 1_000_000;
    private const long NoGrace = long.MinValue / 2;

    private readonly PathMonitor _monitor = new(new PathTimers(10 * Ms, 3), PathSla.Default);
    private uint _sequence;
    private uint _received;
    private long _now = 1000 * Ms;

    [Test]
    public void Evaluate_NeverHeard_Dead()
    {
        Assert.That(_monitor.Evaluate(_now, NoGrace), Is.False);
        Assert.That((_monitor.Health, _monitor.NextDeadlineNs(_now, NoGrace)), Is.EqualTo((PathHealth.Dead, long.MaxValue)));
    }

    [Test]
    public void Evaluate_Silence_SuspectAfterOneAndAHalfIntervalsDeadAfterThree()
    {
        Hear(20);
        Assert.That(Judge(14), Is.EqualTo(PathHealth.Alive));
        Assert.That(_monitor.NextDeadlineNs(_now, NoGrace), Is.EqualTo(_now + (1 * Ms)));
        Assert.That(Judge(1), Is.EqualTo(PathHealth.Suspect));
        Assert.That(Judge(14), Is.EqualTo(PathHealth.Suspect));
        Assert.That(Judge(1), Is.EqualTo(PathHealth.Dead));
        Assert.That(_monitor.Reason, Is.EqualTo("silence"));
    }

    [Test]
    public void Evaluate_SilenceWithinGrace_NotCondemned()
    {
        Hear(20);
        _now += 80 * Ms;
        _monitor.Evaluate(_now, _now + (10 * Ms));
        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Alive));
        Assert.That(Judge(10), Is.EqualTo(PathHealth.Dead));
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
            _monitor.Evaluate(_now, NoGrace);
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
        _monitor.Evaluate(_now, NoGrace);
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
        _monitor.Evaluate(_now, NoGrace);
        Hear(1);
        Assert.That(_monitor.Health, Is.EqualTo(PathHealth.Alive));
    }

    private PathHealth Judge(long afterMs)
    {
        _now += afterMs * Ms;
        _monitor.Evaluate(_now, NoGrace);
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

            _monitor.Evaluate(_now, NoGrace);
        }
    }

    private void Keepalive(long echo)
    {
        _sequence++;
        _received++;
        _monitor.OnHeard(_now);
        _monitor.OnKeepalive(new KeepalivePayload(KeepaliveRole.Router, true, 5, 5, _now, echo, 0, 10_000, _received, _sequence, 0, 1), _received, _sequence, _now);
    }
}

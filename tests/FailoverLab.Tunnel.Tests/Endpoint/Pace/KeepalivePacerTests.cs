namespace FailoverLab.Tunnel.Tests;

public sealed class KeepalivePacerTests
{
    private const long Ms = 1_000_000;
    private static readonly PathTimers Timers = new(10 * Ms, 3);

    [Test]
    public void Sent_SlowerPace_AnnouncedAsOftenAsMayBeLostBeforeItIsTakenUp()
    {
        var pacer = new KeepalivePacer(Timers, KeepalivePacing.Default, 1, 0);
        var sent = new List<(long At, long Announced)>();
        for (var now = 0L; now < 300 * Ms; now += Ms)
        {
            pacer.Set(0, quick: now < 50 * Ms, now);
            if (pacer.IsDue(0, now))
            {
                sent.Add((now / Ms, pacer.AnnouncedNs(0) / Ms));
                pacer.Sent(0, now);
            }
        }

        Assert.That(sent, Is.EqualTo(((long, long)[])[(0, 10), (10, 10), (20, 10), (30, 10), (40, 10), (50, 80), (60, 80), (70, 80), (150, 80), (230, 80)]));
    }

    [Test]
    public void Set_QuickAgain_DueAtOnce()
    {
        var pacer = new KeepalivePacer(Timers, KeepalivePacing.Default, 1, 0);
        for (var now = 0L; now <= 100 * Ms; now += Ms)
        {
            pacer.Set(0, quick: false, now);
            if (pacer.IsDue(0, now))
            {
                pacer.Sent(0, now);
            }
        }

        Assert.That(pacer.IsDue(0, 101 * Ms), Is.False);
        Assert.That(pacer.Set(0, quick: true, 101 * Ms), Is.EqualTo(10 * Ms));
        Assert.That(pacer.IsDue(0, 101 * Ms));
    }

    [Test]
    public void OnData_AfterAnIdleTime_SaysSo()
    {
        var pacer = new KeepalivePacer(Timers, new KeepalivePacing(8, TimeSpan.FromSeconds(1)), 1, 0);
        Assert.That(pacer.OnData(500 * Ms), Is.False);
        Assert.That(pacer.IsIdle(1600 * Ms));
        Assert.That(pacer.OnData(1600 * Ms));
        Assert.That(pacer.OnData(1601 * Ms), Is.False);
    }

    /// <summary>One link with tunnels to two routers, the active one on it: 132 bytes of IP packet per keepalive, each way; over IPv6 152.</summary>
    [TestCase(25, 132)]
    [TestCase(28, 152)]
    public void Sent_AtDefaults_LessThanHalfAPercentOfTenMegabits(int intervalMs, int bytes)
    {
        var pacer = new KeepalivePacer(new PathTimers(intervalMs * Ms, 3), KeepalivePacing.Default, 2, 0);
        var sent = 0;
        for (var now = 0L; now < 60_000 * Ms; now += Ms)
        {
            pacer.OnData(now);
            for (var tunnel = 0; tunnel < 2; tunnel++)
            {
                pacer.Set(tunnel, quick: tunnel == 0, now);
                if (pacer.IsDue(tunnel, now))
                {
                    pacer.Sent(tunnel, now);
                    sent++;
                }
            }
        }

        Assert.That(sent * bytes * 8 / 60.0 / 10_000_000, Is.LessThan(0.005).And.GreaterThan(0.003));
    }
}

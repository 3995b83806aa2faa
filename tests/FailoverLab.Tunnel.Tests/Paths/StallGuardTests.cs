namespace FailoverLab.Tunnel.Tests;

public sealed class StallGuardTests
{
    private const long Interval = 10;

    [Test]
    public void Woke_OversleptByMoreThanHalf_OneIntervalOfGrace()
    {
        var guard = new StallGuard(Interval);
        guard.WillWakeBy(100);
        guard.Woke(105);
        Assert.That(guard.GraceUntilNs, Is.LessThan(0));
        guard.WillWakeBy(110);
        guard.Woke(116);
        Assert.That(guard.GraceUntilNs, Is.EqualTo(126));
    }

    [Test]
    public void Told_AfterAPause_HowLateItRanUntilThatIsOld()
    {
        const long ms = 1_000_000;
        var guard = new StallGuard(10 * ms);
        Assert.That(guard.Told(100 * ms), Is.EqualTo(default(PauseReport)));
        guard.Woke(100 * ms);
        guard.WillWakeBy(110 * ms);
        Assert.That(guard.Woke(140 * ms), Is.True);
        Assert.That(guard.Woke(141 * ms), Is.False, "it runs now");
        Assert.That(guard.Told(145 * ms), Is.EqualTo(new PauseReport(30, 5)));
        Assert.That(guard.Told((140 + 254) * ms), Is.EqualTo(new PauseReport(30, 254)));
        Assert.That(guard.Told((140 + 255) * ms), Is.EqualTo(default(PauseReport)));
        guard.WillWakeBy(1000 * ms);
        guard.Woke(9000 * ms);
        Assert.That(guard.Told(9000 * ms), Is.EqualTo(new PauseReport(255, 0)));
    }

    [Test]
    public void Woke_BetweenTwoDeadlines_PauseIsStillSeen()
    {
        var guard = new StallGuard(Interval);
        guard.WillWakeBy(100);
        Assert.That(guard.Woke(50), Is.False, "a datagram came");
        Assert.That(guard.Woke(130), Is.True);
        Assert.That((guard.PauseBeganNs, guard.PauseEndedNs), Is.EqualTo((100, 130)));
    }

    [Test]
    public void Woke_OversleepsAlways_GraceEndsNowAndThen()
    {
        var guard = new StallGuard(Interval);
        var (now, clear) = (0L, 0);
        for (var i = 0; i < 50; i++)
        {
            guard.WillWakeBy(now + 1);
            now += 12;
            guard.Woke(now);
            clear += guard.GraceUntilNs <= now ? 1 : 0;
        }

        Assert.That(clear, Is.GreaterThan(10));
    }
}

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

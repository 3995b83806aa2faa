namespace FailoverLab.Tunnel.Tests;

public sealed class StampClockTests
{
    private const long Second = 1_000_000_000;

    [Test]
    public void Read_StepsBack_GoesOnEvenlyUntilRealTimeHasCaughtUp()
    {
        var clock = new StampClock();
        Assert.That(clock.Read(0, 1000 * Second).StampNs, Is.EqualTo(1000 * Second));
        Assert.That(clock.Read(Second, 991 * Second).StampNs, Is.EqualTo(1001 * Second), "ten seconds back");
        Assert.That(clock.Read(2 * Second, 1002 * Second).StampNs, Is.EqualTo(1002 * Second), "and forward again");
        Assert.That(clock.Read(3 * Second, 1013 * Second).StampNs, Is.EqualTo(1013 * Second), "a step forward is followed");
    }

    [Test]
    public void Read_StepsBackFarther_IsFollowed()
    {
        var clock = new StampClock();
        clock.Read(0, 1000 * Second);
        Assert.That(clock.Read(Second, 900 * Second).StampNs, Is.EqualTo(900 * Second));
    }
}

namespace FailoverLab.Hosts.Tests;

public sealed class CaptureRoomTests
{
    private const long GiB = 1L << 30;

    [TestCase(1, 1)]
    [TestCase(6, 1)]
    [TestCase(6, 40)]
    [TestCase(50, 4)]
    public void Of_AnyNumberOfCaptures_AllTogetherLeaveHalfOfWhatIsFree(int captures, int freeGiB)
    {
        var room = CaptureRoom.Of(freeGiB * GiB, captures);

        Assert.That(room, Is.InRange(CaptureRoom.Least, GiB / 2));
        Assert.That(room * captures, Is.LessThanOrEqualTo(freeGiB * GiB / 2));
        Assert.That(room, Is.LessThanOrEqualTo(freeGiB * GiB / 4));
    }

    [Test]
    public void Of_TooLittleForAll_BeginsNone([Values(1, 2, 6, 50)] int captures)
    {
        Assert.That(CaptureRoom.Of(CaptureRoom.Wanted(captures), captures), Is.EqualTo(CaptureRoom.Least));
        Assert.That(CaptureRoom.Of(CaptureRoom.Wanted(captures) - 1, captures), Is.Zero);
    }
}

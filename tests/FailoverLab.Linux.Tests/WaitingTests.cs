namespace FailoverLab.Linux.Tests;

internal sealed class WaitingTests
{
    private const long MillisecondNs = 1_000_000;

    [TestCase(0)]
    [TestCase(100)]
    public void WaitUntil_FutureInstant_IsNeverEarly(int spinMicroseconds)
    {
        var clock = new SystemClock(TimeSpan.FromMicroseconds(spinMicroseconds));
        for (var i = 0; i < 20; i++)
        {
            var due = clock.MonotonicNs + MillisecondNs;
            clock.WaitUntil(due);
            Assert.That(clock.MonotonicNs, Is.GreaterThanOrEqualTo(due));
        }
    }

    [Test]
    public void Wait_NothingReadable_EndsAtTheDeadline()
    {
        using var wake = new WakeUp();
        var set = new PollSet(wake);
        var due = SystemClock.Shared.MonotonicNs + (2 * MillisecondNs);
        Assert.That(set.Wait(due), Is.False);
        Assert.That(SystemClock.Shared.MonotonicNs, Is.GreaterThanOrEqualTo(due));
        Assert.That(set.IsReadable(0), Is.False);
    }

    [Test]
    public void Signal_WhileAnotherThreadWaits_WakesItOnce()
    {
        using var quiet = new WakeUp();
        using var wake = new WakeUp();
        var set = new PollSet(quiet, wake);
        var waiter = new Thread(() => set.Wait(long.MaxValue));
        waiter.Start();
        wake.Signal();
        wake.Signal();
        waiter.Join();
        Assert.That((set.IsReadable(0), set.IsReadable(1)), Is.EqualTo((false, true)));
        Assert.That((wake.Drain(), wake.Drain()), Is.EqualTo((true, false)));
    }

    [Test]
    public void Kill_NoSuchProcess_ReturnsFalse() => Assert.That(ProcessControl.Kill(int.MaxValue, 0), Is.False);
}

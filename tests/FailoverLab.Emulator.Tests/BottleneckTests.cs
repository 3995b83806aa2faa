using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

internal sealed class BottleneckTests
{
    private const long SecondNs = 1_000_000_000;

    [TestCase(7_000_000, 1500)]
    [TestCase(999_983, 64)]
    [TestCase(3, 1500)]
    public void TryPass_BackToBack_RateIsExactToTheNanosecond(long bitsPerSecond, int bytes)
    {
        var bottleneck = new Bottleneck();
        var leavesNs = 0L;
        const int Count = 1000;
        for (var i = 0; i < Count; i++)
        {
            Assert.That(bottleneck.TryPass(0, bytes, new DataRate(bitsPerSecond), long.MaxValue, out leavesNs), Is.True);
        }

        Assert.That(leavesNs, Is.EqualTo((long)((Int128)Count * bytes * 8 * SecondNs / bitsPerSecond)));
    }

    [Test]
    public void TryPass_SlowerThanRate_OnlySerializationIsAdded()
    {
        var bottleneck = new Bottleneck();
        for (var i = 0L; i < 100; i++)
        {
            bottleneck.TryPass(i * SecondNs, 1250, new DataRate(10_000_000), 0, out var leavesNs);
            Assert.That(leavesNs - (i * SecondNs), Is.EqualTo(1_000_000));
        }
    }

    [Test]
    public void TryPass_QueueFull_RefusesWhatWouldWaitLonger()
    {
        // 1 ms per frame and 5 ms of queue: the first leaves at 1 ms, the sixth waits exactly 5 ms, the seventh would wait 6.
        var bottleneck = new Bottleneck();
        var passed = Enumerable.Range(0, 20).Count(_ => bottleneck.TryPass(0, 1250, new DataRate(10_000_000), 5_000_000, out var _));
        Assert.That(passed, Is.EqualTo(6));
    }

    [Test]
    public void TryPass_RateLifted_NobodyOvertakesThoseWaiting()
    {
        var bottleneck = new Bottleneck();
        bottleneck.TryPass(0, 1250, new DataRate(10_000), SecondNs, out var slow);
        bottleneck.TryPass(1, 1250, null, 0, out var free);
        Assert.That((slow, free), Is.EqualTo((SecondNs, SecondNs)));
    }
}

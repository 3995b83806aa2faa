using FailoverLab.Primitives;
using static FailoverLab.Emulator.Tests.LinkRun;

namespace FailoverLab.Emulator.Tests;

internal sealed class ConditionPlayerTests
{
    private static readonly ConditionTrace Trace = new(
        [
            new ConditionRow { AtNs = 0, Delay = TimeSpan.FromMilliseconds(10) },
            new ConditionRow { AtNs = 100 * MillisecondNs, Delay = TimeSpan.FromMilliseconds(30) },
            new ConditionRow { AtNs = 150 * MillisecondNs, Loss = new Ratio(1) },
        ],
        200 * MillisecondNs);

    [Test]
    public void At_Repeating_RowsHoldFromTheirTimeAndNamedValuesOnly()
    {
        var fates = Fates(new() { Delay = TimeSpan.FromMilliseconds(1), KeepsOrder = false, Conditions = Trace }, 400);
        foreach (var fate in fates)
        {
            var (end, delayMs) = (fate.ArrivalNs / MillisecondNs % 200) switch { < 100 => (PacketEnd.Passed, 10), < 150 => (PacketEnd.Passed, 30), _ => (PacketEnd.Loss, 0) };
            Assert.That((fate.End, (fate.DueNs - fate.ArrivalNs) / MillisecondNs), Is.EqualTo((end, delayMs)), $"at {fate.ArrivalNs}");
        }
    }

    [Test]
    public void At_JitterModelOfARow_TakesThePlaceOfTheLinks()
    {
        var row = new ConditionRow { AtNs = 0, Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(5), JitterModel = UniformJitter.Around };
        var link = new LinkImpairments { KeepsOrder = false, Conditions = new([row], 200 * MillisecondNs) };
        var delays = Fates(link, 2000).Select(f => (f.DueNs - f.ArrivalNs) / 1e6).Order().ToList();
        Assert.That((delays[0], delays[^1]), Is.EqualTo((15, 25)).Within(0.1));
        Assert.That(delays[1000], Is.EqualTo(20).Within(0.5));
        Assert.That(link.LongestStay, Is.EqualTo(TimeSpan.FromMilliseconds(25)));
    }

    [Test]
    public void At_NotRepeating_LastRowStays()
    {
        var fates = Fates(new() { Conditions = Trace with { Repeats = false } }, 400);
        Assert.That(fates.Skip(150).Select(f => f.End), Is.All.EqualTo(PacketEnd.Loss));
    }

    [Test]
    public void At_StartByTheWallClock_LinksSetAtDifferentTimesAgree()
    {
        var shared = Trace with { StartRealtimeNs = -37 * MillisecondNs };
        var early = Fates(new() { Conditions = shared }, 300);
        var late = Fates(LinkImpairments.None, 300, before: (link, i) => link.Impairments = i == 120 ? new() { Conditions = shared } : link.Impairments);
        Assert.That(
            late.Where(f => f.Index >= 180).OrderBy(f => f.Index).Select(f => (f.Index, f.End)),
            Is.EqualTo(early.Where(f => f.Index >= 180).OrderBy(f => f.Index).Select(f => (f.Index, f.End))));
    }

    [Test]
    public void At_RateOfARow_HoldsForPacketsServedThen()
    {
        // 10 Mbit/s for 5 ms, then 1 Mbit/s: 1 ms and 10 ms a packet.
        var trace = new ConditionTrace(
            [new ConditionRow { AtNs = 0, Rate = new DataRate(10_000_000) }, new ConditionRow { AtNs = 5 * MillisecondNs, Rate = new DataRate(1_000_000) }],
            SecondNs);
        var fates = Fates(new() { QueueLimit = TimeSpan.MaxValue, Conditions = trace }, 7, apartNs: 0, bytes: 1250);
        Assert.That(fates.Select(f => f.DueNs / MillisecondNs), Is.EqualTo(new long[] { 1, 2, 3, 4, 5, 15, 25 }));
    }
}

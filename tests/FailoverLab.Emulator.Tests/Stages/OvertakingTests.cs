using FailoverLab.Primitives;
using static FailoverLab.Emulator.Tests.LinkRun;

namespace FailoverLab.Emulator.Tests;

internal sealed class OvertakingTests
{
    private static readonly LinkImpairments Base = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Test]
    public void Takes_Share_SkipTheDelayAndTheOthersKeepIt()
    {
        var fates = Fates(Base with { Reorder = new Ratio(0.25) }, 4000);
        Assert.That(fates.Select(f => f.DueNs - f.ArrivalNs), Is.All.AnyOf(0L, 10 * MillisecondNs));
        Assert.That(fates.Count(f => f.DueNs == f.ArrivalNs), Is.EqualTo(1000).Within(110));
        Assert.That(fates.Where(f => f.DueNs == f.ArrivalNs).Select(f => f.Marks), Is.All.EqualTo(PacketMarks.Reordered));
    }

    [Test]
    public void Takes_GapOfFiveAndAll_ReordersEveryFifth()
    {
        var fates = Fates(Base with { Reorder = new Ratio(1), ReorderGap = 5 }, 50);
        Assert.That(fates.Where(f => f.DueNs == f.ArrivalNs).Select(f => f.Index), Is.EqualTo(Enumerable.Range(0, 10).Select(i => (i * 5) + 4L)));
    }
}

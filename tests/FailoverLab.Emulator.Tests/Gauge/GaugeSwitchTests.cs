using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

internal sealed class GaugeSwitchTests
{
    private static readonly GaugeSwitch Gauge = new([new GaugeCut(1000, 100), new GaugeCut(2000, 40)]);

    [TestCase(long.MinValue, 0)]
    [TestCase(999, 0)]
    [TestCase(1000, GaugeSwitch.None)]
    [TestCase(1099, GaugeSwitch.None)]
    [TestCase(1100, 1)]
    [TestCase(1999, 1)]
    [TestCase(2000, GaugeSwitch.None)]
    [TestCase(2039, GaugeSwitch.None)]
    [TestCase(2040, 0)]
    [TestCase(long.MaxValue, 0)]
    public void PathAt_AnyInstant_IsExactToTheNanosecond(long stampNs, int expected) =>
        Assert.That(Gauge.PathAt(stampNs), Is.EqualTo(expected));

    [TestCase(1074, 0)]
    [TestCase(1075, 1)]
    [TestCase(2029, 1)]
    [TestCase(2030, 0)]
    public void TargetAt_InAGap_TurnsThreeQuartersIn(long nowNs, int expected) =>
        Assert.That(Gauge.TargetAt(nowNs), Is.EqualTo(expected));

    [Test]
    public void PathAt_OutsideGaps_IsWhereTrafficIsSent()
    {
        var cuts = GaugeSchedule.Draw(new SeededRandom(7), 20, gap: null, TimeSpan.FromMicroseconds(1));
        var gauge = new GaugeSwitch(cuts);
        for (var ns = 0L; ns < cuts[^1].EndNs + 1000; ns += 7)
        {
            var inGap = cuts.Any(c => c.CutNs <= ns && ns < c.EndNs);
            Assert.That(gauge.PathAt(ns), Is.EqualTo(inGap ? GaugeSwitch.None : gauge.TargetAt(ns)), $"at {ns}");
        }
    }

    [TestCase(1000, 0)]
    [TestCase(1000, -1)]
    [TestCase(1099, 10)]
    public void Constructor_CutsThatCannotBe_AreRefused(long secondNs, long gapNs) =>
        Assert.Throws<ArgumentException>(() => _ = new GaugeSwitch([new GaugeCut(1000, 100), new GaugeCut(secondNs, gapNs)]));
}

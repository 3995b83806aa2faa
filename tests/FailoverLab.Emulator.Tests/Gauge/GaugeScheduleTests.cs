using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

internal sealed class GaugeScheduleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    [Test]
    public void Draw_EqualSeeds_EqualCuts()
    {
        var (once, again, other) = (Draw(5, 30), Draw(5, 30), Draw(6, 30));
        Assert.That(again, Is.EqualTo(once).And.Not.EqualTo(other));
    }

    [Test]
    public void Draw_RandomGaps_UseEveryPhaseAndTheWholeRange()
    {
        var cuts = Draw(1, 10_000);
        Assert.That(cuts.Select(c => c.GapNs), Is.All.InRange(10_000_000, 100_000_000));
        Assert.That(cuts.Average(c => c.GapNs), Is.EqualTo(55_000_000).Within(1_000_000));
        foreach (var phases in (long[][])[[.. cuts.Select(c => c.CutNs % 1_000_000)], [.. cuts.Select(c => c.EndNs % 1_000_000)]])
        {
            // Ten bins of 1000 expected: 150 is five standard deviations.
            Assert.That(phases.GroupBy(p => p / 100_000).Select(g => g.Count()), Is.All.EqualTo(1000).Within(150).And.Exactly(10).Items);
        }
    }

    [Test]
    public void Draw_FixedGap_LeavesRoomBetweenCuts()
    {
        var cuts = GaugeSchedule.Draw(new SeededRandom(3), 100, TimeSpan.FromMilliseconds(10), Interval);
        Assert.That(cuts.Select(c => c.GapNs), Is.All.EqualTo(10_000_000));
        Assert.That(cuts.Zip(cuts.Skip(1), (a, b) => b.CutNs - a.EndNs), Is.All.InRange(350_000_000, 450_000_000));
        Assert.That(GaugeSchedule.EndNs(cuts, Interval), Is.EqualTo(cuts[^1].EndNs + 350_000_000));
    }

    private static IReadOnlyList<GaugeCut> Draw(ulong seed, int count) => GaugeSchedule.Draw(new SeededRandom(seed), count, gap: null, Interval);
}

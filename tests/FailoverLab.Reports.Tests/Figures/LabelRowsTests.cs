using FailoverLab.Primitives;

namespace FailoverLab.Reports.Tests;

public sealed class LabelRowsTests
{
    [Test]
    public void Place_RandomLabelsInOrder_NeverOverlapInOneRow([Range(1, 20)] int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var rows = new LabelRows();
        var placed = Enumerable.Range(0, 40)
            .Select(_ => (Start: random.NextDouble() * 1000, Width: 5 + (random.NextDouble() * 200)))
            .OrderBy(l => l.Start)
            .Select(l => (l.Start, l.Width, Row: rows.Place(l.Start, l.Width)))
            .ToList();
        foreach (var row in placed.GroupBy(l => l.Row))
        {
            Assert.That(row.Zip(row.Skip(1)).All(p => p.First.Start + p.First.Width <= p.Second.Start), Is.True, $"seed {seed}");
        }
    }

    [TestCase(0, 15, 12, new[] { 0.0, 2, 4, 6, 8, 10, 12, 14 })]
    [TestCase(-80, 120, 8, new[] { -50.0, 0, 50, 100 })]
    [TestCase(0, 0.0024, 5, new[] { 0, 0.0005, 0.001, 0.0015, 0.002 })]
    public void Ticks_AnyRange_AreRoundAndInside(double from, double to, int count, double[] expected) =>
        Assert.That(new LinearScale(from, to, 0, 1).Ticks(count), Is.EqualTo(expected).Within(1e-9));
}

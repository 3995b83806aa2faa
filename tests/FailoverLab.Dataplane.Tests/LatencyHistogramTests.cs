using FailoverLab.Primitives;

namespace FailoverLab.Dataplane.Tests;

internal sealed class LatencyHistogramTests
{
    [Test]
    public void PercentileNs_AnyTimes_IsWithinASixteenthAboveTheExactOne([Range(1, 20)] int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var histogram = new LatencyHistogram();
        var times = Enumerable.Range(0, 1 + random.Next(5000)).Select(_ => (long)(random.NextUInt64() >> (2 + random.Next(61)))).ToList();
        times.ForEach(histogram.Record);
        times.Sort();
        foreach (var share in (double[])[0, 0.5, 0.9, 0.99, 0.999, 1])
        {
            var exact = times[Math.Max(1, (int)Math.Ceiling(share * times.Count)) - 1];
            Assert.That(histogram.PercentileNs(share), Is.InRange(exact, exact + (exact / 16)), $"share {share}");
        }

        Assert.That((histogram.Count, histogram.MaxNs), Is.EqualTo((times.Count, times[^1])));
    }

    [Test]
    public void PercentileNs_NothingRecorded_IsUnknown()
    {
        var histogram = new LatencyHistogram();
        Assert.That((histogram.PercentileNs(0.5), histogram.MaxNs), Is.EqualTo(((long?)null, 0L)));
    }

    [Test]
    public void Record_LongestAndNegative_AreCounted()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(long.MaxValue);
        histogram.Record(-5);
        Assert.That((histogram.PercentileNs(0), histogram.PercentileNs(1)), Is.EqualTo(((long?)0, (long?)long.MaxValue)));
    }
}

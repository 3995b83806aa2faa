using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

public sealed class SeriesAndPathTests
{
    [Test]
    public void Analyze_Series_AddsUpToTheTotals()
    {
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < 1100 * Ms ? 0 : 1],
            Survives = (_, path, at) => path != 0 || at < 1000 * Ms,
        };
        var result = lab.Send(Up, 0, 2000 * Ms).Send(Down, 0, 2000 * Ms).Analyze(Context(Up, Down));
        foreach (var flow in result.Flows)
        {
            var series = flow.Series!;
            Assert.That(series.BinNs, Is.EqualTo(50 * Ms));
            Assert.That((series.Sent.Sum(), series.Received.Sum(), series.Lost.Sum()), Is.EqualTo(((int)flow.Sent!, (int)flow.Received, (int)flow.Lost!)));
            Assert.That(new[] { series.Received.Count, series.Lost.Count, series.DelayNs.Count, series.Path.Count, result.Paths[0].DelaySeriesNs!.Count }, Is.All.EqualTo(series.Sent.Count));
            Assert.That(series.DelayNs[20], Is.EqualTo(-1), "nothing sent between 1000 and 1050 ms arrived");
            Assert.That(series.DelayNs[30] - series.DelayNs[10], Is.EqualTo(2 * Ms));
            Assert.That((series.Path[10], series.Path[30]), Is.EqualTo((0, 1)));
        }
    }

    [Test]
    public void Analyze_Paths_TellPacketsLossDelayAndFlaps()
    {
        // The working path changes every 500 ms; the second path loses nothing, the first dies from 3 s on.
        var lab = new SyntheticLab
        {
            Route = (_, at) => [(int)(at / (500 * Ms) % 2)],
            Survives = (_, path, at) => path != 0 || at < 3000 * Ms,
        };
        var paths = lab.Send(Up, 0, 4000 * Ms).Send(Down, 0, 4000 * Ms).Analyze(Context(Up, Down)).Paths;
        Assert.That(paths.Select(p => (p.Name, p.Packets, p.Lost)), Is.EqualTo(new[] { ("starlink-1", 4000L, (long?)1000L), ("starlink-2", 4000L, 0L), ("byu", 0L, null) }));
        Assert.That(paths.Select(p => p.Share), Is.EqualTo(new[] { 0.5, 0.5, 0 }));
        Assert.That(paths.Select(p => p.FlapCount), Is.EqualTo(new[] { 3, 3, 0 }));
        Assert.That(paths.Select(p => p.FlapPeriodNs), Is.EqualTo(new long?[] { 1000 * Ms, 1000 * Ms, null }));
        Assert.That(paths.Select(p => p.DelayNs?.Median), Is.EqualTo(new long?[] { 20 * Ms, 22 * Ms, null }));
    }

    /// <summary>Until 1 s the first path carries all, then the second; what died on the way was carried by neither.</summary>
    [Test]
    public void Analyze_Paths_TellThroughput()
    {
        var lab = new SyntheticLab { Route = (_, at) => [at < 1000 * Ms ? 0 : 1], Survives = (_, _, at) => at is < 500 * Ms or >= 600 * Ms };
        var result = lab.Send(Up, 0, 2000 * Ms).Analyze(Context(Up));
        var size = result.Flows[0].Series!.Bytes!.Sum() / result.Flows[0].Received;
        Assert.That(result.Paths.Select(p => p.Bytes), Is.EqualTo(new[] { 900 * size, 1000 * size, 0 }));
        var (first, second) = (result.Paths[0].ByteSeries!, result.Paths[1].ByteSeries!);
        Assert.That((first.Sum(), second.Sum()), Is.EqualTo((900 * size, 1000 * size)));
        Assert.That((first[8], first[11], first[30], second[8], second[30]), Is.EqualTo((50 * size, 0, 0, 0, 50 * size)), "bytes per bin of 50 ms");
    }

    [TestCase(0, 10, 50)]
    [TestCase(0, 59, 50)]
    [TestCase(0, 60, 100)]
    [TestCase(0, 200, 250)]
    [TestCase(0, 3600, 5000)]
    public void Bins_AnyLength_AreAtMost1200(long fromSeconds, long toSeconds, long widthMs)
    {
        var bins = Bins.Cover(fromSeconds * 1000 * Ms, toSeconds * 1000 * Ms);
        Assert.That(bins.WidthNs, Is.EqualTo(widthMs * Ms));
        Assert.That(bins.Count, Is.LessThanOrEqualTo(1200));
        Assert.That(bins.StartNs + (bins.Count * bins.WidthNs), Is.GreaterThan(toSeconds * 1000 * Ms));
    }

    [Test]
    public void Analyze_Outage_ShowsThePacketsAroundIt()
    {
        var lab = new SyntheticLab { Survives = (_, _, at) => at is < 1000 * Ms or >= 2000 * Ms };
        var detail = lab.Send(Up, 0, 3000 * Ms).Analyze(Context(Up)).Outages.Single().Detail!;
        Assert.That(detail.Sequence, Is.Ordered.And.Unique);
        Assert.That(detail.Sequence.Count, Is.InRange(400, 600), "the middle of a long gap is left out");
        Assert.That(detail.ReceivedNs.Count(ns => ns == 0), Is.InRange(390, 410));
        Assert.That(new[] { detail.SentNs.Count, detail.ReceivedNs.Count, detail.Path.Count }, Is.All.EqualTo(detail.Sequence.Count));
    }
}

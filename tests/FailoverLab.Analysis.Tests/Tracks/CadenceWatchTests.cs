using FailoverLab.Results;
using static FailoverLab.Analysis.Tests.ForeignFrames;

namespace FailoverLab.Analysis.Tests;

public sealed class CadenceWatchTests
{
    [Test]
    public void Add_ClockworkBreaks_NotesWhenTheFirstShouldHaveCome()
    {
        var watch = new CadenceWatch(3);
        for (var i = 0; i < 100; i++) watch.Add(T0 + (i * 10 * Ms) + (i % 2 * 500_000), 80);
        watch.Add(T0 + (1500 * Ms), 80);
        watch.Finish(T0 + (1505 * Ms));
        var miss = watch.Misses.Single();
        Assert.That(miss.Path, Is.EqualTo(3));
        Assert.That(miss.ExpectedNs, Is.EqualTo(T0 + (1000 * Ms)).Within(Ms));
    }

    /// <summary>Large packets, and small ones that come anyhow, are no link probes.</summary>
    [TestCase(1200, false)]
    [TestCase(80, true)]
    public void Add_NoClockwork_NotesNothing(int length, bool random)
    {
        var seeded = new Primitives.SeededRandom(11);
        TestContext.Out.WriteLine("seed 11");
        var (watch, at) = (new CadenceWatch(0), T0);
        for (var i = 0; i < 500; i++) watch.Add(at += random ? (long)(-Math.Log(1 - seeded.NextDouble()) * 10 * Ms) : 10 * Ms, length);
        watch.Finish(at + (5000 * Ms));
        Assert.That(watch.Misses, Is.Empty);
    }

    /// <summary>A foreign device's tunnel: its own probes every 20 ms on each of two links, traffic of ours beside it that moves when the first link dies.</summary>
    [Test]
    public void Analyze_ForeignTunnelLosesAPath_ShowsItsFirstMissedProbe()
    {
        const long Fault = 3000 * Ms;
        const long Moved = 3200 * Ms;
        var lab = new SyntheticLab { Route = (_, at) => [at < Moved ? 0 : 1], Survives = (_, path, at) => path != 0 || at < Fault };
        lab.Send(SyntheticLab.Up, 0, 9000 * Ms);
        for (var i = 0; i < 450; i++)
        {
            foreach (var path in new[] { 0, 1 })
            {
                var (sent, probe) = ((i * 20 * Ms) + (7 * Ms), Udp([0x17, 0xFE, 1, 2, 3, 4], (ushort)(6000 + path)));
                lab.Captures.Add(SyntheticLab.Paths[path].SitePoint, T0 + sent, probe);
                if (path == 1 || sent < Fault) lab.Captures.Add(SyntheticLab.Paths[path].FarPoint!, T0 + sent + lab.DelayNs[path], probe);
            }
        }

        var failover = lab.Analyze(SyntheticLab.Context(SyntheticLab.Up)).Failovers.Single();
        var missed = failover.Anatomy.Single(m => m.Mark == AnatomyMarkKind.MissedKeepalive);
        Assert.That(missed.AtNs, Is.EqualTo(T0 + (3007 * Ms) + lab.DelayNs[0]).Within(Ms), "probe 150 should have come out then");
    }
}

using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

/// <summary>A machine that stands still, in virtual time: nobody asks the link for a while.</summary>
internal sealed class StandStillTests
{
    private const int Bytes = 1250;
    private const long PacketNs = 100_000; // at 100 Mbit/s
    private const long StallNs = 5_000_000;

    private static readonly LinkImpairments Limited = new() { Rate = new DataRate(100_000_000), RateOverheadBytes = 0, QueueLimitPackets = 10_000 };

    [TestCase(0)]
    [TestCase(20)]
    public void TryDequeue_AfterAStallOfABusyLine_OnePacketAtMostIsMadeUpFor(int delayMs)
    {
        var link = Link(Limited with { Delay = TimeSpan.FromMilliseconds(delayMs) });
        var sent = Run(link, count: 600, apartNs: PacketNs * 3 / 4, stallAtNs: 30_000_000);

        Assert.That(sent, Has.Count.EqualTo(600));
        for (var first = 0; first < sent.Count; first++)
        {
            for (var last = first + 1; last < sent.Count; last++)
            {
                Assert.That(last - first - ((sent[last] - sent[first]) / (double)PacketNs), Is.LessThan(1.2), $"packets {first} to {last}");
            }
        }

        Assert.That(link.Counters.StoodStillNs, Is.EqualTo(StallNs - PacketNs).Within(2 * PacketNs));
    }

    [Test]
    public void HandedOn_StallAfterTheDequeue_NextKeepsItsDistance()
    {
        var link = Link(Limited);
        for (var i = 0; i < 5; i++)
        {
            link.Enqueue(new byte[Bytes], 0);
        }

        Assert.That(link.TryDequeue(PacketNs, out _, out _), Is.True);
        link.HandedOn(PacketNs + StallNs);

        var due = new List<long>();
        for (var nowNs = PacketNs + StallNs; link.Counters.Inside > 0; nowNs += 1_000)
        {
            while (link.TryDequeue(nowNs, out _, out _))
            {
                due.Add((nowNs - StallNs) / PacketNs);
            }
        }

        Assert.That(due, Is.EqualTo(new[] { 1, 2, 3, 4 }), "one packet of time is made up for");
        Assert.That(link.Counters.StoodStillNs, Is.EqualTo(StallNs - PacketNs));
    }

    [Test]
    public void TryDequeue_AfterAStallOfAQuietLine_NothingStaysLate()
    {
        var link = Link(Limited with { Delay = TimeSpan.FromMilliseconds(20) });
        var sent = Run(link, count: 100, apartNs: 10 * PacketNs, stallAtNs: 40_000_000);

        Assert.That(sent.Select((ns, i) => ns - (i * 10 * PacketNs) - 20_000_000 - PacketNs).Where((late, i) => i is < 20 or > 30), Is.All.LessThan(PacketNs));
        Assert.That(link.Counters.StoodStillNs, Is.Zero);
    }

    [Test]
    public void TryDequeue_VirtualTime_LosesNothingHoweverSeldomItIsAsked()
    {
        var link = LinkRun.Link(Limited);
        var sent = Run(link, count: 600, apartNs: PacketNs / 2, stallAtNs: 30_000_000);

        Assert.That(sent[^1], Is.EqualTo(600 * PacketNs).Within(PacketNs));
        Assert.That(link.Counters.StoodStillNs, Is.Zero);
    }

    [Test]
    public void Enqueue_QueueLimitByTime_FillsWhileTheLineStandsStill()
    {
        var limit = Limited with { QueueLimit = TimeSpan.FromMilliseconds(4), QueueLimitPackets = null };
        var link = Link(limit);
        var sent = Run(link, count: 2000, apartNs: PacketNs * 99 / 100, stallAtNs: 100_000_000);

        Assert.That(link.Counters.DroppedByQueue, Is.GreaterThan(10), "five milliseconds more than it holds");
        Assert.That(sent.Count + link.Counters.DroppedByQueue, Is.EqualTo(2000));
    }

    [Test]
    public void TryDequeue_ShortLateness_IsForgivenAndMadeUpFor()
    {
        var link = Link(Limited);
        var sent = Run(link, count: 600, apartNs: PacketNs / 2, stallAtNs: 30_000_000, stallNs: PacketNs * 9 / 10);

        Assert.That(sent[^1], Is.EqualTo(600 * PacketNs).Within(PacketNs));
        Assert.That(link.Counters.StoodStillNs, Is.Zero);
    }

    private static LinkPipeline Link(LinkImpairments impairments) => new(impairments, new SeededRandom(1)) { StandsStill = true };

    /// <summary>Asks every 10 us but during the stall.</summary>
    /// <returns>When packets came out.</returns>
    private static List<long> Run(LinkPipeline link, int count, long apartNs, long stallAtNs, long stallNs = StallNs)
    {
        const long StepNs = 10_000;
        var (sent, next) = (new List<long>(), 0);
        for (var nowNs = 0L; next < count || link.Counters.Inside > 0; nowNs += nowNs == stallAtNs ? stallNs : StepNs)
        {
            for (; next < count && next * apartNs <= nowNs; next++)
            {
                link.Enqueue(new byte[Bytes], next * apartNs);
            }

            while (link.TryDequeue(nowNs, out _, out _))
            {
                sent.Add(nowNs);
            }
        }

        return sent;
    }
}

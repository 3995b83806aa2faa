using FailoverLab.Emulator;
using FailoverLab.Linux;
using FailoverLab.Primitives;

namespace FailoverLab.Wan.Tests;

/// <summary>Cables whose far ends leave cutting and checksums to cards that are not there.</summary>
internal sealed class UncutSegmentTests
{
    [Test]
    public void Link_UncutSegments_ComeOutCutEachWithAFateOfItsOwn([Values(0, 0.3)] double loss, [Values] bool hasVlanTag)
    {
        const int Count = 20;
        var impairments = new LinkImpairments { Loss = new Ratio(loss), Delay = TimeSpan.FromMilliseconds(1) };
        using var cables = new TwoCables(impairments, trains: true);
        using var site = cables.Inside(() => PacketSocket.Open("site", ring: true, trains: true));
        var (frame, offload) = UncutTcp.Make(payload: 20_000, hasVlanTag: hasVlanTag);
        var cut = UncutTcp.Cut(frame, offload);
        var model = new LinkPipeline(impairments, new SeededRandom(1).Split("test/up"));
        var expected = Enumerable.Range(0, Count).SelectMany(_ => cut).Where(f => model.Enqueue(f, 0)).ToList();
        var sent = offload with { ChecksumStart = (ushort)(offload.ChecksumStart + (hasVlanTag ? 4 : 0)) };

        Assert.That(site.TakesTrains, Is.True, "a virtual cable has no queue");
        for (var i = 0; i < Count; i++)
        {
            Assert.That(site.SendTrain(frame, sent, cut.Count), Is.Zero);
        }

        Assert.That(Receive(cables, expected.Count), Is.EqualTo(expected));
        var counters = cables.Link.Counters;
        Assert.That((counters.Oversized, counters.Missed, counters.RefusedByKernel), Is.EqualTo((0, 0, 0)));
        Assert.That(counters.Up.Forwarded + counters.Up.DroppedByLoss, Is.EqualTo(Count * cut.Count));
    }

    private static List<byte[]> Receive(TwoCables cables, int count)
    {
        var (received, set, deadlineNs) = (new List<byte[]>(), new PollSet(cables.Tap), TwoCables.Soon(5000));
        while (received.Count < count && SystemClock.Shared.MonotonicNs < deadlineNs)
        {
            set.Wait(deadlineNs);
            while (cables.Tap.TryRead(out var frame, out _))
            {
                received.Add(frame.ToArray());
            }
        }

        return received;
    }
}

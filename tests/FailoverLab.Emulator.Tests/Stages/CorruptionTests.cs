using System.Numerics;
using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

internal sealed class CorruptionTests
{
    [Test]
    public void Flip_Share_OneBitBehindTheHeaderAnywhere()
    {
        const int Count = 20_000;
        var link = LinkRun.Link(new() { Corrupt = new Ratio(0.5) });
        var clean = new byte[20];
        var places = new int[160];
        for (var i = 0; i < Count; i++)
        {
            link.Enqueue(clean, i);
            Assert.That(link.TryDequeue(i, out var frame, out _), Is.True);
            for (var bit = 0; bit < places.Length; bit++)
            {
                places[bit] += (frame[bit / 8] >> (bit % 8)) & 1;
            }

            Assert.That(frame.ToArray().Sum(b => BitOperations.PopCount(b)), Is.LessThanOrEqualTo(1));
        }

        Assert.That(places.Sum(), Is.EqualTo(link.Counters.Corrupted).And.InRange(9_700, 10_300));
        Assert.That(places[..112], Is.All.Zero, "the Ethernet header");
        Assert.That(places[112..], Is.All.InRange(140, 280));
    }

    [Test]
    public void Flip_NothingBehindTheHeader_LeavesItWhole()
    {
        var link = LinkRun.Link(new() { Corrupt = new Ratio(1) });
        link.Enqueue(new byte[14], 0);
        link.TryDequeue(0, out var frame, out _);
        Assert.That(frame.ToArray(), Is.All.Zero);
        Assert.That(link.Counters.Corrupted, Is.Zero);
    }
}

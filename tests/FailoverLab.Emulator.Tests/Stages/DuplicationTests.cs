using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

internal sealed class DuplicationTests
{
    [Test]
    public void Takes_Share_ComesOutTwiceAtOneInstantWithTheSameBytes()
    {
        const int Count = 2000;
        var link = LinkRun.Link(new() { Duplicate = new Ratio(0.25), Delay = TimeSpan.FromMilliseconds(5) });
        var seen = new Dictionary<int, List<long>>();
        for (var i = 0; i < Count; i++)
        {
            link.Enqueue(BitConverter.GetBytes(i), i * LinkRun.MillisecondNs);
            while (link.TryDequeue((i + (i == Count - 1 ? 10 : 0)) * LinkRun.MillisecondNs, out var frame, out var dueNs))
            {
                var number = BitConverter.ToInt32(frame);
                seen.TryAdd(number, []);
                seen[number].Add(dueNs);
            }
        }

        Assert.That(seen, Has.Count.EqualTo(Count));
        Assert.That(seen.Values.Select(v => v.Distinct().Count()), Is.All.EqualTo(1));
        Assert.That(seen.Values.Count(v => v.Count == 2), Is.EqualTo(link.Counters.Duplicated).And.InRange(430, 570));
        Assert.That(link.Counters.Forwarded, Is.EqualTo(Count + link.Counters.Duplicated));
    }
}

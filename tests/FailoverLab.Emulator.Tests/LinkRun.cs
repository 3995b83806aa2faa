using FailoverLab.Primitives;

namespace FailoverLab.Emulator.Tests;

/// <summary>Links in virtual time, for tests of what they do to a stream of packets.</summary>
internal static class LinkRun
{
    public const long MillisecondNs = 1_000_000;
    public const long SecondNs = 1_000_000_000;

    public static LinkPipeline Link(LinkImpairments impairments, ulong seed = 1) => new(impairments, new SeededRandom(seed));

    /// <summary>Sends so many frames, so far apart, and lets all of them out; the fate of each in order of the log.</summary>
    public static List<PacketFate> Fates(
        LinkImpairments impairments, int count, long apartNs = MillisecondNs, int bytes = 100, ulong seed = 1, Action<LinkPipeline, int>? before = null)
    {
        var link = Link(impairments, seed);
        link.Fates = new FateRing(2 * count);
        var frame = new byte[bytes];
        for (var i = 0; i < count; i++)
        {
            before?.Invoke(link, i);
            link.Enqueue(frame, i * apartNs);
            Drain(link, i * apartNs);
        }

        Drain(link, long.MaxValue - 1);
        return Take(link.Fates);
    }

    /// <summary>Numbers of the packets that did not come out.</summary>
    public static List<long> Lost(LinkImpairments impairments, int count, ulong seed = 1) =>
        [.. Fates(impairments, count, seed: seed).Where(f => f.End != PacketEnd.Passed).Select(f => f.Index)];

    public static void Drain(LinkPipeline link, long nowNs)
    {
        while (link.TryDequeue(nowNs, out _, out _))
        {
        }
    }

    public static List<PacketFate> Take(FateRing ring)
    {
        var lines = new PacketFate[ring.Count];
        ring.Take(lines);
        Assert.That(ring.Lost, Is.Zero, "the log was too small");
        return [.. lines];
    }

    /// <summary>Lengths of runs of losses.</summary>
    public static List<int> Bursts(IEnumerable<long> lost)
    {
        var lengths = new List<int>();
        var last = long.MinValue;
        foreach (var index in lost)
        {
            if (index == last + 1)
            {
                lengths[^1]++;
            }
            else
            {
                lengths.Add(1);
            }

            last = index;
        }

        return lengths;
    }
}

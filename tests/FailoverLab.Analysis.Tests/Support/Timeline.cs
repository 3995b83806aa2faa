using FailoverLab.Primitives;

namespace FailoverLab.Analysis.Tests;

/// <summary>One flow's packets as a sender and a receiver capture would hold them, made directly.</summary>
internal sealed class Timeline
{
    public const long Interval = 1_000_000;

    public List<(long Sequence, long StampNs)> Sent { get; } = [];

    public List<(long Sequence, long StampNs)> Received { get; } = [];

    /// <summary>A flow of so many packets; <paramref name="delayOf"/> gives each packet's delays, one per copy, none = lost.</summary>
    public static Timeline Of(int count, Func<int, IEnumerable<long>> delayOf)
    {
        var timeline = new Timeline();
        for (var i = 0; i < count; i++)
        {
            timeline.Sent.Add((i, i * Interval));
            timeline.Received.AddRange(delayOf(i).Select(delay => ((long)i, (i * Interval) + delay)));
        }

        timeline.Received.Sort((a, b) => a.StampNs.CompareTo(b.StampNs));
        return timeline;
    }

    /// <summary>Loss at random and in bursts, duplicates, and delays that reorder.</summary>
    public static Timeline Random(SeededRandom random, int count)
    {
        var (loss, burst, copies, jitter) = (random.NextDouble() * 0.3, random.NextDouble() * 0.02, random.NextDouble() * 0.1, random.Next(6_000_000) + 1);
        var dead = 0;
        return Of(count, _ =>
        {
            if (dead == 0 && random.NextDouble() < burst) dead = random.Next(60);
            var lost = dead > 0 || random.NextDouble() < loss;
            dead = Math.Max(0, dead - 1);
            var packets = lost ? 0 : random.NextDouble() < copies ? 2 : 1;
            return Enumerable.Range(0, packets).Select(_ => 20_000_000L + random.Next(jitter)).ToArray();
        });
    }

    public FlowTable ToTable(bool withSender = true) =>
        FlowTableBuilder.Build(new FlowKey(1), new FlowContext(1, "flow"), withSender ? Column(Sent) : null, Column(Received));

    private static SightingColumn Column(List<(long Sequence, long StampNs)> packets)
    {
        var column = new SightingColumn();
        foreach (var (sequence, stamp) in packets) column.Add(sequence, stamp, sequence * Interval);
        return column;
    }
}

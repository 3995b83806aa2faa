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

    /// <summary>The flow as it is followed from captures of both ends, or of the receiver alone, handed over in pieces of so many packets.</summary>
    public FlowResult Follow(bool withSender = true, long observationEndNs = long.MaxValue / 2, int packetsAtOnce = int.MaxValue)
    {
        var context = AnalysisContext.Empty with { Flows = [new FlowContext(1, "flow", withSender ? "a" : "nobody", "b")] };
        var names = new PointNames();
        var (a, b) = (names.NumberOf("a.x"), names.NumberOf("b.x"));
        var shared = new LaneContext(context, names, withSender ? names.All : new HashSet<string> { "b.x" }, new BinGrid(0, Bins.FinestNs));
        var lane = new FlowLane(new FlowKey(1), 0, shared);
        var sightings = Received.ConvertAll(p => Sighting(p, b));
        if (withSender) sightings.InsertRange(0, Sent.ConvertAll(p => Sighting(p, a)));
        foreach (var piece in sightings.Chunk(packetsAtOnce))
        {
            var batch = new SightingBatch();
            foreach (var sighting in piece) batch.Append(0) = sighting;
            lane.Hand(batch, 0);
            lane.TakeWaiting();
            if (!withSender) lane.Settle(piece[^1].StampNs);
        }

        lane.Finish(observationEndNs);
        return ((SequencedTrack)lane.Track!).Result!;
    }

    private static Sighting Sighting((long Sequence, long StampNs) packet, int point) =>
        new() { A = (ulong)packet.Sequence, B = (ulong)(packet.Sequence * Interval), StampNs = packet.StampNs, Point = point, Length = 100 };
}

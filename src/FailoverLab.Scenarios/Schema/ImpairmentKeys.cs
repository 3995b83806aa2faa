using System.Text.Json.Nodes;

namespace FailoverLab.Scenarios;

/// <summary>Keys of impairments, in profiles and degrade steps alike, and of the mappings inside them.</summary>
internal static class ImpairmentKeys
{
    private const string Req = KeySpec.RequiredWord;
    private const string Delays = "0s to 60s";
    private const string OneModel = "one model per mapping";

    /// <summary>Names of the keys every mapping of impairments has.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. In("").Select(k => k.Name)];

    public static KeyGroup Profile { get; } = new("profile", "a profile", [.. InProfile()]);

    public static KeyGroup LossModel { get; } = new("loss", "a loss model",
        new("share", "share", "0% to 100%", OneModel, "share: 2%", "chance that a packet is hit", Share()),
        new("every", "number", "1 to 1000000", OneModel, "every: 5", "of so many packets the last is lost, without chance", Shape.Whole(1, 1_000_000)),
        new("gilbert", "mapping", "see below", OneModel, "gilbert: { to-bad: 1%, to-good: 25% }", "Gilbert-Elliott: a good and a bad state; bursts of geometric length", Shape.Group("gilbert")),
        new("states", "mapping", "see below", OneModel, "states: { p13: 1%, p31: 20%, p32: 10%, p23: 40%, p14: 0.1% }", "a table of four states, as netem's", Shape.Group("states")),
        new("burst", "number", "1 to 1000000; with `share`", "1", "burst: 3", "packets lost in a row by each hit", Shape.Whole(1, 1_000_000)))
    {
        OneOf = LossReader.Models,
    };

    public static KeyGroup Gilbert { get; } = new("gilbert", "a Gilbert-Elliott model",
        new("to-bad", "share", "0% to 100%", Req, "to-bad: 1%", "chance to go from good to bad, before each packet", Share()),
        new("to-good", "share", "above 0% to 100%", Req, "to-good: 25%", "chance to go back; four packets of bad on average at 25%", Share()),
        new("in-bad", "share", "0% to 100%", "100%", "in-bad: 80%", "share lost in the bad state", Share()),
        new("in-good", "share", "0% to 100%", "0%", "in-good: 0.1%", "share lost in the good state", Share()));

    public static KeyGroup States { get; } = new("states", "a state table",
        new("p13", "share", "0% to 100%", Req, "p13: 1%", "from 1, received within gaps, to 3, lost within bursts", Share()),
        new("p31", "share", "0% to 100%", Req, "p31: 20%", "from 3 to 1", Share()),
        new("p32", "share", "0% to 100%, with `p31` at most that", "0%", "p32: 10%", "from 3 to 2, received within bursts", Share()),
        new("p23", "share", "0% to 100%", "0%", "p23: 40%", "from 2 to 3", Share()),
        new("p14", "share", "0% to 100%, with `p13` at most that", "0%", "p14: 0.1%", "from 1 to 4, lost alone within gaps; from 4 it goes back to 1", Share()));

    public static KeyGroup DelayModel { get; } = new("delay", "a delay model",
        new("uniform", "mapping", "see below", OneModel, "uniform: { min: 10ms, max: 30ms }", "every delay of a range is equally likely", Shape.Group("range")),
        new("normal", "mapping", "see below", OneModel, "normal: { mean: 40ms, deviation: 5ms }", "normal; a draw below 0s becomes 0s", Shape.Group("normal")),
        new("pareto", "mapping", "see below", OneModel, "pareto: { min: 20ms, scale: 5ms, shape: 3 }", "Pareto: a heavy tail above the smallest delay", Shape.Group("pareto")),
        new("table", "list of durations", "2 to 1024 of 0s to 60s, not falling", OneModel, "table: [18ms, 20ms, 21ms, 95ms]", "quantiles at equal steps, from the smallest to the largest delay", Shape.ListOf(Shape.Duration(), 2)))
    {
        OneOf = DelayReader.Models,
    };

    public static KeyGroup Range { get; } = new("range", "a uniform delay",
        new("min", "duration", Delays, Req, "min: 10ms", "smallest", Shape.Duration()),
        new("max", "duration", "`min` to 60s", Req, "max: 30ms", "largest", Shape.Duration()));

    public static KeyGroup Normal { get; } = new("normal", "a normal delay",
        new("mean", "duration", Delays, Req, "mean: 40ms", "mean", Shape.Duration()),
        new("deviation", "duration", Delays, Req, "deviation: 5ms", "standard deviation", Shape.Duration()));

    public static KeyGroup Pareto { get; } = new("pareto", "a Pareto delay",
        new("min", "duration", Delays, Req, "min: 20ms", "least, and the most likely", Shape.Duration()),
        new("scale", "duration", Delays, Req, "scale: 5ms", "unit of the tail; its mean is scale / (shape - 1)", Shape.Duration()),
        new("shape", "number", "1.01 to 100", Req, "shape: 3", "exponent of the tail; the smaller the heavier", new JsonObject { ["type"] = "number", ["minimum"] = 1.01, ["maximum"] = 100 }));

    public static KeyGroup Queue { get; } = new("queue", "a queue",
        new("limit", "time, bytes or packets", "1us to 60s, 1514B to 1000000000B, 1packets to 10000000packets", Req, "limit: 200ms", "most that waits; a packet beyond it is dropped on arrival", Shape.Pattern(Shape.QueuePattern)),
        new("drop", "word", "`tail`, `codel`", "tail", "drop: codel", "which packets are dropped: those that find it full, or also those CoDel (RFC 8289) chooses", Shape.Word("tail", "codel")),
        new("target", "duration", "100us to 1s; with `codel`", "5ms", "target: 5ms", "CoDel: the wait it tolerates", Shape.Duration()),
        new("interval", "duration", "1ms to 10s; with `codel`", "100ms", "interval: 100ms", "CoDel: how long the wait may exceed it", Shape.Duration()),
        new("shallow", "flag", "true, false", "false", "shallow: true", "allows a limit below rate x delay", Shape.Flag()));

    public static KeyGroup Trace { get; } = new("trace", "a trace",
        new("file", "file", "relative to the file that names it", Req, "file: traces/train.csv", "the trace; its form is known by its content", Shape.Text()),
        new("clock", "word", "`start`, `wall`", "start", "clock: wall", "whether it begins when it is set, or has its place by wall time, the same on every link", Shape.Word("start", "wall")));

    public static KeyGroup Slots { get; } = new("slots", "slots",
        new("period", "duration", "100ms to 10m", Req, "period: 15s", "length of a slot", Shape.Duration()),
        new("offset", "duration", "0s to `period`", "0s", "offset: 12s", "first boundary after the epoch: 12s puts 15 s slots at :12, :27, :42, :57 of each minute", Shape.Duration()),
        new("level", "mapping of `min` and `max`", Delays, Req, "level: { min: 0s, max: 20ms }", "delay each slot adds, drawn once for the whole slot", Shape.Group("range")),
        new("start", "mapping", "see below", "no spike", "start: { peak: 60ms, for: 140ms }", "delay spike after each boundary", Shape.Group("spike")),
        new("end", "mapping", "see below", "no spike", "end: { peak: 30ms, for: 75ms }", "delay spike before each boundary", Shape.Group("spike")),
        new("handover", "mapping", "see below", "no loss", "handover: { chance: 20%, loss: 50%, for: 100ms }", "loss around boundaries", Shape.Group("handover")),
        new("obstruction", "mapping", "see below", "no loss", "obstruction: { chance: 5%, for: 2s }", "silence somewhere in a slot", Shape.Group("obstruction")));

    public static KeyGroup Spike { get; } = new("spike", "a slot's spike",
        new("peak", "duration", Delays, Req, "peak: 60ms", "delay added at the boundary", Shape.Duration()),
        new("for", "duration", "0s to half a slot", Req, "for: 140ms", "how far it reaches from the boundary, falling in a straight line", Shape.Duration()));

    public static KeyGroup Handover { get; } = new("handover", "a handover",
        new("chance", "share", "0% to 100%", "100%", "chance: 20%", "share of the boundaries that have it", Share()),
        new("loss", "share", "0% to 100%", Req, "loss: 50%", "share of packets lost there", Share()),
        new("for", "duration", "0s to half a slot", Req, "for: 100ms", "how long before and after the boundary", Shape.Duration()));

    public static KeyGroup Obstruction { get; } = new("obstruction", "an obstruction",
        new("chance", "share", "0% to 100%", Req, "chance: 5%", "share of the slots that have it", Share()),
        new("for", "duration", "0s to a slot", Req, "for: 2s", "how long every packet is lost", Shape.Duration()));

    /// <summary>The mappings inside impairments, for schemas.</summary>
    public static IReadOnlyList<KeyGroup> Inner { get; } = [LossModel, Gilbert, States, DelayModel, Range, Normal, Pareto, Queue, Trace, Slots, Spike, Handover, Obstruction];

    public static IEnumerable<KeySpec> InDegrade() => In("as it is");

    private static IEnumerable<KeySpec> InProfile() => In("");

    /// <summary>The keys, with one default for all or each its own.</summary>
    private static IEnumerable<KeySpec> In(string all)
    {
        yield return new("drop", "flag", "true, false", Default("false"), "drop: true", "true drops every packet in silence; the carrier stays", Shape.Flag());
        yield return new("loss", "share, or a mapping", "0% to 100%, or see below", Default("0%"), "loss: 15%", "share of packets lost at random, or another model", Shape.Any(Share(), Shape.Group("loss")));
        yield return new("delay", "duration, or a mapping", "0s to 60s, or see below", Default("0s"), "delay: 150ms", "one-way delay in all, fixed or drawn for each packet", Shape.Any(Shape.Duration(), Shape.Group("delay")));
        yield return new("jitter", "duration", Delays, Default("0s"), "jitter: 80ms", "uniform addition to the delay, 0 to this", Shape.Duration());
        yield return new("overtake", "flag", "true, false", Default("false"), "overtake: true", "whether a packet with a shorter delay may overtake one with a longer; false keeps order", Shape.Flag());
        yield return new("duplicate", "share", "0% to 100%", Default("0%"), "duplicate: 1%", "share of packets that come twice", Share());
        yield return new("corrupt", "share", "0% to 100%", Default("0%"), "corrupt: 0.1%", "share of packets with one bit flipped", Share());
        yield return new("reorder", "share", "0% to 100%", Default("0%"), "reorder: 2%", "share of packets that skip the delay, and so overtake those inside", Share());
        yield return new("rate", "rate", "1bit/s to 1000Gbit/s, or `unlimited`", Default("unlimited"), "rate: 10Mbit/s", "rate limit", Shape.Pattern(Shape.RatePattern));
        yield return new("queue", "time, bytes, packets, or a mapping", "not below one packet nor below rate x delay; see below", Default("100ms, or the delay where that is longer"), "queue: 200ms", "the queue before the rate limit; says nothing without one", Shape.Any(Shape.Pattern(Shape.QueuePattern), Shape.Group("queue")));
        yield return new("mtu", "size in bytes", "68B to 65535B, or `unlimited`", Default("unlimited"), "mtu: 1400B", "largest IP packet that passes; larger ones are dropped", Shape.Pattern("^(unlimited|[0-9]+B)$"));
        yield return new("trace", "file, a mapping, or `none`", "see below", Default("none"), "trace: traces/train.csv", "a trace that drives the link; begins again at its end", Shape.Any(Shape.Text(), Shape.Group("trace")));
        yield return new("slots", "mapping, or `none`", "see below", Default("none"), "slots: { period: 15s, level: { min: 0s, max: 20ms } }", "the link is arranged anew at fixed instants of wall time", Shape.Any(Shape.Only(ImpairmentReader.NoneWord), Shape.Group("slots")));

        string Default(string own) => all.Length > 0 ? all : own;
    }

    private static JsonObject Share() => Shape.Pattern(Shape.SharePattern);
}

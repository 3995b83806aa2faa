using FailoverLab.Primitives;

namespace FailoverLab.Scenarios.Tests;

/// <summary>Every impairment as a file writes it, as the plan holds it, and as words say it.</summary>
public sealed class ImpairmentTests
{
    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    private static Ratio Share(double percent) => new(percent / 100);

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Case("loss: 15%", new() { Loss = Share(15) }, "loss 15%");
        yield return Case("loss: { share: 15% }", new() { Loss = Share(15) }, "loss 15%");
        yield return Case("loss: { share: 1%, burst: 4 }", new() { LossModel = new BurstLossPlan(Share(1), 4) }, "loss bursts of 4 at 1%");
        yield return Case("loss: { every: 5 }", new() { LossModel = new EveryNthLossPlan(5) }, "loss of every 5th packet");
        yield return Case("loss: { every: 1 }", new() { LossModel = new EveryNthLossPlan(1) }, "loss of every packet");
        yield return Case("loss: { gilbert: { to-bad: 1%, to-good: 24% } }", new() { LossModel = new GilbertElliottPlan(Share(1), Share(24), Share(100), Share(0)) }, "loss 4% in bursts (to bad 1%, to good 24%, in bad 100%, in good 0%)");
        yield return Case("loss: { states: { p13: 1%, p31: 20%, p32: 10%, p23: 40%, p14: 0.1% } }", new() { LossModel = new StateLossPlan(Share(1), Share(20), Share(10), Share(40), Share(0.1)) }, "loss 4.795% by states (p13 1%, p31 20%, p32 10%, p23 40%, p14 0.1%)");
        yield return Case("delay: 150ms", new() { Delay = Ms(150) }, "delay 150ms");
        yield return Case("delay: { uniform: { min: 10ms, max: 30ms } }", new() { DelayModel = new UniformDelayPlan(Ms(10), Ms(30)) }, "delay 10ms to 30ms");
        yield return Case("delay: { normal: { mean: 40ms, deviation: 5ms } }", new() { DelayModel = new NormalDelayPlan(Ms(40), Ms(5)) }, "delay 40ms ± 5ms (normal)");
        yield return Case("delay: { pareto: { min: 20ms, scale: 5ms, shape: 3 } }", new() { DelayModel = new ParetoDelayPlan(Ms(20), Ms(5), 3) }, "delay from 20ms (Pareto, scale 5ms, shape 3)");
        yield return Case("delay: { table: [18ms, 20ms, 95ms] }", new() { DelayModel = new TableDelayPlan([Ms(18), Ms(20), Ms(95)]) }, "delay 18ms to 95ms (table of 3)");
        yield return Case("jitter: 80ms, overtake: true", new() { Jitter = Ms(80), Overtake = true }, "jitter 80ms, packets may overtake");
        yield return Case("duplicate: 1%, corrupt: 2%, reorder: 3%", new() { Duplicate = Share(1), Corrupt = Share(2), Reorder = Share(3) }, "duplicate 1%, corrupt 2%, reorder 3%");
        yield return Case("rate: 10Mbit/s, queue: 50packets", new() { Rate = new DataRate(10_000_000), Queue = new() { Packets = 50 } }, "rate 10Mbit/s, queue 50 packets");
        yield return Case("rate: 10Mbit/s, queue: 60000B", new() { Rate = new DataRate(10_000_000), Queue = new() { Bytes = 60_000 } }, "rate 10Mbit/s, queue 60000 bytes");
        yield return Case("rate: 10Mbit/s, queue: { limit: 1s, drop: codel, target: 10ms }", new() { Rate = new DataRate(10_000_000), Queue = new() { Time = Ms(1000), Drop = QueueDrop.Codel, Target = Ms(10) } }, "rate 10Mbit/s, queue 1s with CoDel");
        yield return Case("rate: unlimited, mtu: unlimited, trace: none, slots: none", new() { Rate = LinkChange.Unlimited, Mtu = LinkChange.NoMtu, Trace = TracePlan.None, Slots = SlotPlan.None }, "rate unlimited, MTU unlimited, no trace, no slots");
        yield return Case("mtu: 1400B", new() { Mtu = 1400 }, "MTU 1400B");
        yield return Case("slots: { period: 15s, offset: 12s, level: { min: 0s, max: 20ms }, start: { peak: 60ms, for: 140ms }, handover: { loss: 50%, for: 20ms }, obstruction: { chance: 5%, for: 2s } }",
            new() { Slots = new() { Period = Ms(15_000), Offset = Ms(12_000), LevelMax = Ms(20), Start = new(Ms(60), Ms(140)), Handover = new(Share(100), Share(50), Ms(20)), Obstruction = new(Share(5), Ms(2000)) } },
            "slots of 15s (level 0s to 20ms)");
    }

    [TestCaseSource(nameof(Changes))]
    public void Read_Impairment_PlanAndWords(string text, object change, string words)
    {
        using var files = new LabFiles(LabFiles.SoundScenario.Replace("drop: true", text, StringComparison.Ordinal));
        var plan = files.Load().Plan;
        Assert.That(plan, Is.Not.Null, string.Join('\n', files.Faults()));
        var step = plan!.Steps.Single(s => s.Action is LinkChangeStep { IsRestore: false });
        Assert.Multiple(() =>
        {
            Assert.That(((LinkChangeStep)step.Action).Change, Is.EqualTo(change));
            Assert.That(step.Command, Is.EqualTo("set wan1: " + words));
            Assert.That(PlanJson.Write(PlanJson.Read(PlanJson.Write(plan))), Is.EqualTo(PlanJson.Write(plan)));
        });
    }

    [TestCase("loss: 150%", "scenario.yaml:10:34: error FL1025: 'loss' '150%' is not a share of 0% to 100% (write 15% or 0.5%)")]
    [TestCase("delay: -5ms", "scenario.yaml:10:35: error FL1025: 'delay' -5ms is out of range: 0s to 1m")]
    [TestCase("rate: 0Mbit/s", "scenario.yaml:10:34: error FL1025: 'rate' '0Mbit/s' would pass nothing: a rate is 1bit/s to 1000Gbit/s (write drop: true to stop every packet, rate: unlimited to take the limit away)")]
    [TestCase("rate: 0", "scenario.yaml:10:34: error FL1025: 'rate' '0' would pass nothing: a rate is 1bit/s to 1000Gbit/s (write drop: true to stop every packet, rate: unlimited to take the limit away)")]
    [TestCase("rate: 20Mbit/s, delay: 50ms, queue: 40packets", "scenario.yaml:10:64: error FL1401: 'queue' 40packets is below rate x delay (20Mbit/s x 50ms): a sender that fills the link would lose packets nobody asked to lose (write at least 83packets; if a small buffer is meant: queue: { limit: 40packets, shallow: true })")]
    [TestCase("rate: 20Mbit/s, queue: 2ms", "scenario.yaml:10:51: error FL1401: 'queue' 2ms is below rate x delay (20Mbit/s x 5ms): a sender that fills the link would lose packets nobody asked to lose (write at least 5ms; if a small buffer is meant: queue: { limit: 2ms, shallow: true })")]
    [TestCase("rate: 1Mbit/s, queue: { limit: 2ms, shallow: true }", "scenario.yaml:10:59: error FL1401: 'limit' 2ms is less than one packet of 1514 bytes at 1Mbit/s: it would lose packets in silence (write at least 12.112ms)")]
    [TestCase("queue: 100B", "scenario.yaml:10:35: error FL1025: 'queue' 100B is out of range: 1514B to 1000000000B")]
    [TestCase("queue: 100", "scenario.yaml:10:35: error FL1024: 'queue' '100' is not a time (100ms), bytes (150000B) or packets (100packets) (write 100packets or 100ms)")]
    [TestCase("queue: { limit: 1s, target: 5ms }", "scenario.yaml:10:56: error FL1402: 'target' and 'interval' are CoDel's (write drop: codel, or leave them out)")]
    [TestCase("loss: { share: 1%, every: 5 }", "scenario.yaml:10:47: error FL1028: 'every' and 'share' exclude each other in a loss model")]
    [TestCase("loss: { every: 5, burst: 2 }", "scenario.yaml:10:53: error FL1402: 'burst' says nothing beside 'every' (write it beside 'share', or leave it out)")]
    [TestCase("loss: { gilbert: { to-bad: 1%, to-good: 0% } }", "scenario.yaml:10:68: error FL1402: 'to-good' 0% never leaves the bad state (write the share of packets after which the bad state ends, as 25% for four packets on average)")]
    [TestCase("loss: { states: { p13: 60%, p31: 20%, p14: 50% } }", "scenario.yaml:10:71: error FL1402: 'p13' 60% and 'p14' 50% leave one state and are together more than 100% (make one of them smaller)")]
    [TestCase("delay: { uniform: { min: 2ms, max: 1ms } }", "scenario.yaml:10:63: error FL1402: 'max' 1ms is below 'min' 2ms (change them about)")]
    [TestCase("delay: { table: [1ms] }", "scenario.yaml:10:44: error FL1402: a delay table has 2 to 1024 quantiles, but here stand 1 (one delay alone is fixed: delay: 20ms)")]
    [TestCase("delay: { table: [1ms, 2ms] }, jitter: 1ms", "scenario.yaml:10:66: error FL1402: 'jitter' says nothing beside a delay that is drawn for every packet (leave it out, or write a fixed delay)")]
    [TestCase("trace: gone.csv", "scenario.yaml:10:35: error FL1001: the trace 'gone.csv' is not there (its name is relative to the file that names it)")]
    [TestCase("slots: { period: 15s, level: { min: 0s, max: 1ms }, start: { peak: 1ms, for: 8s } }", "scenario.yaml:10:105: error FL1025: 'for' 8s is out of range: 0s to 7.5s")]
    public void Read_BadValue_RefusedWithPlaceAndCure(string text, string fault)
    {
        using var files = new LabFiles(LabFiles.SoundScenario.Replace("drop: true", text, StringComparison.Ordinal));
        Assert.That(files.Faults(), Does.Contain(fault));
    }

    /// <summary>A queue that is enough for the way up may be too small for the way down.</summary>
    [TestCase("direction: down", true)]
    [TestCase("direction: both", true)]
    [TestCase("direction: up", false)]
    public void Read_Queue_IsCheckedAgainstEveryDirectionItIsFor(string direction, bool isFault)
    {
        using var files = new LabFiles(LabFiles.SoundScenario.Replace("drop: true", $"profile: lopsided, queue: 20ms, {direction}", StringComparison.Ordinal));
        File.WriteAllText(files["profiles/lopsided.yaml"], "version: 1\nname: lopsided\nsource: a test\nboth: { rate: 10Mbit/s }\nup: { delay: 10ms }\ndown: { delay: 80ms }\n");
        Assert.That(files.Faults().Where(f => f.Contains("FL1401", StringComparison.Ordinal)), isFault ? Has.Exactly(1).Contains("80ms") : Is.Empty, string.Join('\n', files.Faults()));
    }

    /// <summary>One below rate x delay would lose packets nobody asked to lose; what somebody asked for stays.</summary>
    [Test]
    public void With_LongerDelay_GrowsAQueueNobodyAskedFor()
    {
        var slow = LinkChange.Good.With(new() { Rate = new DataRate(20_000_000) }).With(new() { Delay = Ms(300) });
        var asked = slow.With(new() { Queue = new() { Time = Ms(350) } });
        Assert.Multiple(() =>
        {
            Assert.That(slow.Queue, Is.EqualTo(QueuePlan.Default with { Time = Ms(300) }));
            Assert.That(slow.With(new() { Jitter = Ms(50) }).Queue!.Time, Is.EqualTo(Ms(350)));
            Assert.That(slow.With(new() { Delay = Ms(20) }).Queue, Is.EqualTo(QueuePlan.Default));
            Assert.That(asked.With(new() { Delay = Ms(900) }).Queue, Is.EqualTo(new QueuePlan { Time = Ms(350) }));
            Assert.That(asked.With(LinkChange.Good).Queue, Is.EqualTo(QueuePlan.Default));
        });
    }

    [Test]
    public void With_PlainValueAfterAModel_EndsTheModel()
    {
        var link = LinkChange.Good.With(new() { DelayModel = new NormalDelayPlan(Ms(40), Ms(5)), LossModel = new EveryNthLossPlan(5) });
        Assert.Multiple(() =>
        {
            Assert.That(link.With(new() { Delay = Ms(150) }) is { DelayModel: null, Delay.TotalMilliseconds: 150, Jitter.TotalMilliseconds: 0 });
            Assert.That(link.With(new() { Jitter = Ms(8) }) is { DelayModel: null, Delay.TotalMilliseconds: 40, Jitter.TotalMilliseconds: 8 });
            Assert.That(link.With(new() { Loss = Share(1) }) is { LossModel: null, Loss.Value: 0.01 });
            Assert.That(link.With(new() { Mtu = 900 }) is { LossModel: not null, DelayModel: not null, Mtu: 900 });
        });
    }

    /// <summary>The closed form against the chain run for a long time.</summary>
    [TestCase(0.01, 0.2, 0.1, 0.4, 0.001)]
    [TestCase(0, 0.2, 0.1, 0.4, 0.1)]
    [TestCase(0.05, 0, 0.1, 0.4, 0.1)]
    [TestCase(0.5, 0.5, 0, 0, 0.5)]
    public void MeanShare_StateTable_AsTheChainRuns(double p13, double p31, double p32, double p23, double p14)
    {
        var random = new SeededRandom(20261121);
        const int Packets = 400_000;
        var (state, lost) = (1, 0);
        for (var i = 0; i < Packets; i++)
        {
            lost += state is 3 or 4 ? 1 : 0;
            var u = random.NextDouble();
            state = state switch
            {
                1 => u < p13 ? 3 : u < p13 + p14 ? 4 : 1,
                2 => u < p23 ? 3 : 2,
                3 => u < p31 ? 1 : u < p31 + p32 ? 2 : 3,
                _ => 1,
            };
        }
        var model = new StateLossPlan(new(p13), new(p31), new(p32), new(p23), new(p14));
        Assert.That(model.MeanShare, Is.EqualTo((double)lost / Packets).Within(0.005), "seed 20261121");
    }

    private static TestCaseData Case(string text, LinkChange change, string words) => new TestCaseData(text, change, words).SetArgDisplayNames(text);
}

using FailoverLab.Emulator;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab.Tests;

/// <summary>Every kind of value a plan may have, as the emulator runs it.</summary>
public sealed class LinkSettingsTests
{
    private static readonly Ratio Some = new(0.1);

    private static IEnumerable<TestCaseData> Changes()
    {
        var good = LinkSettings.Of(LinkChange.Good, seed: 1);
        yield return Case(new() { Drop = true }, good with { Drop = true });
        yield return Case(new() { Loss = Some }, good with { Loss = Some });
        yield return Case(new() { LossModel = new BurstLossPlan(Some, 4) }, good with { LossPattern = new BurstLoss(Some, 4) });
        yield return Case(new() { LossModel = new EveryNthLossPlan(5) }, good with { LossPattern = new EveryNthLoss(5) });
        yield return Case(new() { LossModel = new GilbertElliottPlan(Some, new(0.2), new(0.9), new(0.01)) }, good with { LossPattern = new GilbertElliottLoss(Some, new(0.2), new(0.9), new(0.01)) });
        yield return Case(new() { LossModel = new StateLossPlan(Some, new(0.2), new(0.3), new(0.4), new(0.5)) }, good with { LossPattern = new StateTableLoss(Some, new(0.2), new(0.3), new(0.4), new(0.5)) });
        yield return Case(new() { Delay = Ms(20), Jitter = Ms(5) }, good with { Delay = Ms(20), Jitter = Ms(5) });
        yield return Case(new() { DelayModel = new UniformDelayPlan(Ms(10), Ms(30)) }, good with { Delay = Ms(10), Jitter = Ms(20) });
        yield return Case(new() { DelayModel = new NormalDelayPlan(Ms(40), Ms(5)) }, good with { Delay = Ms(40), Jitter = Ms(5), JitterModel = new NormalJitter() });
        yield return Case(new() { DelayModel = new ParetoDelayPlan(Ms(20), Ms(5), 3) }, good with { Delay = Ms(20), Jitter = Ms(5), JitterModel = new ParetoJitter(3) });
        yield return Case(new() { Overtake = true }, good with { KeepsOrder = false });
        yield return Case(new() { Duplicate = Some, Corrupt = new(0.2), Reorder = new(0.3) }, good with { Duplicate = Some, Corrupt = new(0.2), Reorder = new(0.3) });
        yield return Case(new() { Rate = new DataRate(1000), Queue = new() { Time = Ms(70) } }, good with { Rate = new DataRate(1000), QueueLimit = Ms(70) });
        yield return Case(new() { Queue = new() { Packets = 7 } }, good with { QueueLimit = TimeSpan.FromMinutes(10), QueueLimitPackets = 7 });
        yield return Case(new() { Queue = new() { Bytes = 7000 } }, good with { QueueLimit = TimeSpan.FromMinutes(10), QueueLimitBytes = 7000 });
        yield return Case(
            new() { Queue = new() { Time = Ms(70), Drop = QueueDrop.Codel, Target = Ms(3), Interval = Ms(60) } },
            good with { QueueLimit = Ms(70), Queue = QueueDiscipline.CoDel, CoDelTarget = Ms(3), CoDelInterval = Ms(60) });
        yield return Case(new() { Mtu = 1400 }, good with { Mtu = 1400 });
        yield return Case(new() { Rate = LinkChange.Unlimited, Mtu = LinkChange.NoMtu, Slots = SlotPlan.None, Trace = TracePlan.None }, good);
    }

    [TestCaseSource(nameof(Changes))]
    public void Change_OfAValue_IsThatValueAndNoOther(LinkChange change, LinkImpairments expected) =>
        Assert.That(LinkSettings.Change(LinkSettings.Of(LinkChange.Good, seed: 1), change, seed: 1), Is.EqualTo(expected));

    [Test]
    public void Change_TableOfDelays_HasItsQuantiles()
    {
        var link = LinkSettings.Change(LinkImpairments.None, new() { DelayModel = new TableDelayPlan([Ms(1), Ms(2), Ms(9)]) }, seed: 1);

        var table = (TableJitter)link.JitterModel;
        Assert.That(table.Quantiles.Select(q => link.Delay.TotalMilliseconds + (q * link.Jitter.TotalMilliseconds)), Is.EqualTo(new[] { 1.0, 2, 9 }).Within(1e-9));
    }

    [Test]
    public void Change_Slots_AreTheSameOnEveryLinkOfASeed()
    {
        var plan = new SlotPlan { Period = Ms(15_000), Offset = Ms(12_000), LevelMax = Ms(20), Start = new(Ms(60), Ms(140)), End = new(Ms(40), Ms(100)), Handover = new(Some, new(0.5), Ms(20)), Obstruction = new(new(0.05), Ms(2000)) };
        SlotSchedule Of(ulong seed) => LinkSettings.Of(LinkChange.Good with { Slots = plan }, seed).Slots!;

        var again = Of(1);
        Assert.That(again, Is.EqualTo(Of(1)));
        Assert.That(Of(2), Is.Not.EqualTo(Of(1)).And.EqualTo(Of(1) with { Seed = Of(2).Seed }));
        Assert.That(Of(1) with { Seed = 0 }, Is.EqualTo(new SlotSchedule
        {
            Seed = 0,
            Length = Ms(15_000),
            Phase = Ms(12_000),
            LevelHigh = Ms(20),
            StartSpike = Ms(60),
            StartSpikeFor = Ms(140),
            EndSpike = Ms(40),
            EndSpikeFor = Ms(100),
            HandoverLossShare = Some,
            HandoverLoss = new(0.5),
            HandoverLossFor = Ms(20),
            ObstructionShare = new(0.05),
            ObstructionFor = Ms(2000),
        }));
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private static TestCaseData Case(LinkChange change, LinkImpairments expected) => new TestCaseData(change, expected).SetArgDisplayNames(ImpairmentText.Describe(change));
}

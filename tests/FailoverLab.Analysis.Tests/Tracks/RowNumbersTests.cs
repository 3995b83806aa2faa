using FailoverLab.Packets;
using FailoverLab.Testing;
using static FailoverLab.Analysis.Tests.ForeignFrames;

namespace FailoverLab.Analysis.Tests;

public sealed class RowNumbersTests
{
    private const long Far = RowNumbers.MaxJump * 4;

    [Test]
    public void RowOf_DamagedNumber_IsLeftOut()
    {
        var numbers = new RowNumbers();
        for (var i = 0; i < 100; i++) Assert.That(numbers.RowOf(0, i), Is.EqualTo(i));
        foreach (var damaged in new[] { Far, -Far, Far + 7, long.MaxValue / 2 }) Assert.That(numbers.RowOf(0, damaged), Is.EqualTo(RowNumbers.None));
        Assert.That((numbers.RowOf(0, 100), numbers.Strange, numbers.Restarts), Is.EqualTo((100L, 4L, 0)));
    }

    /// <summary>Made-up packets of made-up flows must not make us count thousands of lost ones each.</summary>
    [Test]
    public void RowOf_JumpAtTheBeginning_MustBeWarrantedByPackets()
    {
        var numbers = new RowNumbers();
        Assert.That(numbers.RowOf(0, 0), Is.Zero);
        Assert.That(numbers.RowOf(0, RowNumbers.FirstJump + 100), Is.EqualTo(RowNumbers.None));
        Assert.That(numbers.RowOf(0, RowNumbers.FirstJump), Is.EqualTo(RowNumbers.FirstJump));
        for (var i = 1; i < 5000; i++) _ = numbers.RowOf(0, RowNumbers.FirstJump + i);
        var jumped = RowNumbers.FirstJump + 4999 + RowNumbers.MaxJump;
        Assert.That(numbers.RowOf(0, jumped), Is.EqualTo(jumped));
    }

    [TestCase(long.MaxValue)]
    [TestCase(long.MinValue + 1)]
    public void RowOf_FlowBeginsAtTheEndOfNumbers_IsLeftOut(long number)
    {
        var numbers = new RowNumbers();
        for (var i = 0; i < 20; i++) Assert.That(numbers.RowOf(0, number), Is.EqualTo(RowNumbers.None));
        Assert.That((numbers.RowOf(0, 7), numbers.Strange), Is.EqualTo((7L, 20L)));
    }

    /// <summary>Seven packets far away are doubted, the eighth shows that the sender began anew; each point finds the same rows, whenever it sees the restart.</summary>
    [Test]
    public void RowOf_SenderBeganAnew_GoesOnBehind()
    {
        var numbers = new RowNumbers();
        foreach (var slot in new[] { 0, 1 })
        {
            for (var i = 0; i < 1000; i++) Assert.That(numbers.RowOf(slot, Far + i), Is.EqualTo(Far + i));
            for (var i = 0; i < 7; i++) Assert.That(numbers.RowOf(slot, i), Is.EqualTo(RowNumbers.None));
            for (var i = 7; i < 500; i++) Assert.That(numbers.RowOf(slot, i), Is.EqualTo(Far + 1000 + i - 7));
        }

        Assert.That((numbers.Strange, numbers.Restarts), Is.EqualTo((0L, 1)));
    }

    [Test]
    public void Analyze_DamagedProbe_IsACaveatAndNoLoss()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 1000; i++)
        {
            captures.Add("a.x", T0 + (i * Ms), Probe(i)).Add("b.x", T0 + (i * Ms) + (20 * Ms), Probe(i == 500 ? 1UL << 50 : (ulong)i));
        }

        var result = captures.Analyze();
        Assert.That((result.Flows.Single().Sent, result.Flows.Single().Lost), Is.EqualTo(((long?)1000, (long?)1)), "the damaged one alone");
        Assert.That(result.Caveats.Single(c => c.Code == "strange-numbers").Text, Does.Contain(" 1 packets"));
    }

    /// <summary>A sender that is started again counts from 0.</summary>
    [TestCase(400_000)]
    [TestCase(5000)]
    public void Analyze_SenderStartedAgain_CountsBoth(int before)
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < before + 5000; i++)
        {
            var (at, frame) = (T0 + (i * Ms / 10), Probe(i < before ? i : i - before));
            captures.Add("a.x", at, frame);
            if (i % 100 != 50) captures.Add("b.x", at + (20 * Ms), frame);
        }

        var flow = captures.Analyze().Flows.Single();
        Assert.That(flow.Sent, Is.EqualTo(before + 5000 - 7), "seven packets pass until it is believed");
        Assert.That(flow.Lost, Is.EqualTo((before + 5000) / 100));
        Assert.That(flow.Duplicates, Is.Zero);
    }

    /// <summary>Packets of a flow are the same inside our tunnel.</summary>
    [Test]
    public void Analyze_ProbeAndForeignFlowInTheTunnel_AreTheFlowsOutside()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 500; i++)
        {
            var header = new ProbeHeader(1, (ulong)i, T0 + (i * Ms), 0);
            var rtp = Rtp(i, i * 160);
            captures.Add("a.x", T0 + (i * Ms), FrameBuilder.Probe(header)).Add("a.x", T0 + (i * Ms), Udp(rtp));
            captures.Add("m.x", T0 + (i * Ms) + Ms, FrameBuilder.TunneledProbe(header, new TunnelHeader(TunnelHeader.DataType, 0, 7, (uint)i, 0)));
            captures.Add("m.x", T0 + (i * Ms) + Ms, Tunneled(rtp, (uint)i));
            if (i % 10 == 3) continue;
            captures.Add("z.x", T0 + (i * Ms) + (20 * Ms), FrameBuilder.Probe(header)).Add("z.x", T0 + (i * Ms) + (20 * Ms), Udp(rtp));
        }

        var flows = captures.Analyze().Flows;
        Assert.That(flows.Select(f => f.Kind), Is.EquivalentTo(new[] { Results.FlowKind.Probe, Results.FlowKind.Rtp }));
        Assert.That(flows.Select(f => (f.Sent, f.Lost)), Is.All.EqualTo(((long?)500, (long?)50)));
        Assert.That(flows.Select(f => f.Hops!.Single(h => h.Point == "m.x").LostAfter), Is.All.EqualTo(50));
    }

    /// <summary>The first capture read is of a point the flow came to late.</summary>
    [Test]
    public void Analyze_FirstPointReadJoinsLate_CountsFromTheFirstPacket()
    {
        var captures = new CaptureBuilder();
        for (var i = 0; i < 20_000; i++)
        {
            captures.Add("x.x", T0 + (i * Ms), Probe(i));
            if (i > 15_000) captures.Add("a.x", T0 + (i * Ms) + Ms, Probe(i));
            if (i % 100 != 50) captures.Add("z.x", T0 + (i * Ms) + (20 * Ms), Probe(i));
        }

        var flow = captures.Analyze().Flows.Single();
        Assert.That((flow.From, flow.To, flow.Sent, flow.Received, flow.Lost), Is.EqualTo(("x", "z", (long?)20_000, 19_800L, (long?)200)));
        Assert.That(flow.Hops!.Single(h => h.Point == "a.x").LostAfter, Is.EqualTo(50));
    }

    private static byte[] Probe(int number) => Probe((ulong)number);

    private static byte[] Probe(ulong number) => FrameBuilder.Probe(new ProbeHeader(1, number, T0, 0));
}

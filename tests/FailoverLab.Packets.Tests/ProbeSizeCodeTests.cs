namespace FailoverLab.Packets.Tests;

public sealed class ProbeSizeCodeTests
{
    [Test]
    public void SymbolOf_AnyFourInARow_OccurOnceInAPeriod()
    {
        var runs = new HashSet<int>();
        for (ulong s = 0; s < ProbeSizeCode.Period; s++)
        {
            var run = 0;
            for (ulong i = 0; i < ProbeSizeCode.UniqueRun; i++) run = (run * ProbeSizeCode.Symbols) + ProbeSizeCode.SymbolOf(3, s + i);
            Assert.That(runs.Add(run), $"the run from {s} on occurs twice");
        }

        Assert.That(ProbeSizeCode.SymbolOf(3, ProbeSizeCode.Period), Is.EqualTo(ProbeSizeCode.SymbolOf(3, 0)));
    }

    [Test]
    public void PayloadSize_AllSymbols_OccurEquallyOften()
    {
        var sizes = Enumerable.Range(0, ProbeSizeCode.Period).GroupBy(s => ProbeSizeCode.PayloadSize(1, (ulong)s)).ToDictionary(g => g.Key, g => g.Count());
        Assert.That(sizes.Keys.Order(), Is.EqualTo(Enumerable.Range(0, 16).Select(i => 64 + (16 * i))));
        Assert.That(sizes.Values, Is.All.EqualTo(4096).Within(1));
    }

    [Test]
    public void SymbolOf_AnotherFlow_AgreesNoMoreThanByChance()
    {
        for (uint flow = 2; flow <= 64; flow++)
        {
            var equal = Enumerable.Range(0, 10_000).Count(s => ProbeSizeCode.SymbolOf(1, (ulong)s) == ProbeSizeCode.SymbolOf(flow, (ulong)s));
            Assert.That(equal, Is.EqualTo(625).Within(125), $"flow {flow}");
        }
    }

    [Test]
    public void SymbolOf_ItsOwnPast_AgreesNoMoreThanByChance()
    {
        for (ulong lag = 1; lag <= 2000; lag++)
        {
            var equal = Enumerable.Range(0, 10_000).Count(s => ProbeSizeCode.SymbolOf(1, (ulong)s) == ProbeSizeCode.SymbolOf(1, (ulong)s + lag));
            Assert.That(equal, Is.EqualTo(625).Within(150), $"lag {lag}");
        }
    }

    [Test]
    public void PayloadSize_HugeSequence_StaysInRange() =>
        Assert.That(ProbeSizeCode.PayloadSize(uint.MaxValue, ulong.MaxValue), Is.InRange(64, 304));

    [Test]
    public void PayloadSize_Called_AllocatesNothing()
    {
        var sum = ProbeSizeCode.PayloadSize(1, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong s = 0; s < 100_000; s++) sum += ProbeSizeCode.PayloadSize(1, s);
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before, sum > 0), Is.EqualTo((0L, true)));
    }

    [Test]
    public void FillTail_Bytes_DoNotCompressAndSpareTheHeader()
    {
        var payload = new byte[304];
        ProbeSizeCode.FillTail(payload, 5);
        using var packed = new MemoryStream();
        using (var deflate = new System.IO.Compression.DeflateStream(packed, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(payload.AsSpan(ProbeHeader.Size));
        }

        Assert.That(packed.Length, Is.GreaterThanOrEqualTo(payload.Length - ProbeHeader.Size));
        Assert.That(payload[..ProbeHeader.Size], Is.All.Zero);
    }
}

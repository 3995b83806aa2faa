namespace FailoverLab.Packets.Tests;

/// <summary>Stamps at and beyond what 63 bits of ns can hold: they stay in 1970..2116, so that no two are too far apart to be subtracted.</summary>
public sealed class PcapngClockTests
{
    private const long Latest = PcapngClock.MaxNs;

    [TestCase(9, 0L, 5UL, 5L)]
    [TestCase(9, 0L, (ulong)Latest, Latest)]
    [TestCase(9, 0L, (ulong)Latest + 1, Latest)]
    [TestCase(9, 0L, ulong.MaxValue, Latest)]
    [TestCase(6, 0L, (ulong)(Latest / 1000), Latest / 1000 * 1000)]
    [TestCase(6, 0L, (ulong)(Latest / 1000) + 1, Latest)]
    [TestCase(6, -2L, 2_000_000UL, 0L)]
    [TestCase(6, -2L, 1_999_999UL, 0L)]
    [TestCase(6, -2L, 2_000_001UL, 1000L)]
    [TestCase(6, 2L, 0UL, 2_000_000_000L)]
    [TestCase(9, long.MaxValue, 0UL, Latest)]
    [TestCase(9, long.MinValue, ulong.MaxValue, 0L)]
    [TestCase(9, -10_000_000_000L, 10_000_000_000_000_000_007UL, 7L)]
    [TestCase(12, 0L, 7999UL, 7L)]
    [TestCase(12, long.MaxValue, ulong.MaxValue, Latest)]
    [TestCase(0, 0L, ulong.MaxValue, Latest)]
    [TestCase(0x80 | 63, long.MinValue, ulong.MaxValue, 0L)]
    public void ToNs_AnyTicks_StaysInTheCentury(byte resolution, long offset, ulong ticks, long expected)
    {
        var clock = PcapngClock.Microseconds.With(9, [resolution], false) with { OffsetSeconds = offset };
        Assert.That(clock.ToNs(ticks), Is.EqualTo(expected), "exactly");
        Assert.That(new PcapngInterface(clock, CaptureLinkType.Ethernet).ToNs(ticks), Is.EqualTo(expected), "the short way");
    }
}

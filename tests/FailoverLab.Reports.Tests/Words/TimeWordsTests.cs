namespace FailoverLab.Reports.Tests;

public sealed class TimeWordsTests
{
    [TestCase(0, "0.0 ms")]
    [TestCase(412_000, "0.412 ms")]
    [TestCase(4_120_000, "4.12 ms")]
    [TestCase(61_349_000, "61.3 ms")]
    [TestCase(2_010_200_000, "2010.2 ms")]
    [TestCase(12_345_000_000, "12.35 s")]
    [TestCase(-993_000, "−0.993 ms")]
    public void Duration_AnyLength_HasTheDigitsTheEyeCanUse(long ns, string expected) =>
        Assert.That(TimeWords.Duration(ns).Replace('\u00A0', ' '), Is.EqualTo(expected));

    [Test]
    public void WithInterval_OpenEnd_PrintsInfinity() =>
        Assert.That(TimeWords.WithInterval(61_300_000, 60_300_000, null).Replace('\u00A0', ' '), Is.EqualTo("61.3 ms [60.3, ∞]"));

    [TestCase(1_795_230_723_061_234_567, "2026-11-21T03:12:03.061234567Z")]
    [TestCase(0, "1970-01-01T00:00:00.000000000Z")]
    [TestCase(-1, "1969-12-31T23:59:59.999999999Z")]
    [TestCase(long.MaxValue, "2262-04-11T23:47:16.854775807Z")]
    [TestCase(long.MinValue, "1677-09-21T00:12:43.145224192Z")]
    public void Utc_AnyInstant_KeepsEveryNanosecond(long ns, string expected) => Assert.That(TimeWords.Utc(ns), Is.EqualTo(expected));

    [Test]
    public void Relative_BeforeTheStart_HasAMinus() =>
        Assert.That(TimeWords.Relative(1_000_000_000, 2_200_000_000).Replace('\u00A0', ' '), Is.EqualTo("T−1.200 s"));
}

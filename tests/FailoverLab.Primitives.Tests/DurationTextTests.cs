namespace FailoverLab.Primitives.Tests;

public sealed class DurationTextTests
{
    [TestCase("250us", 2_500)]
    [TestCase("500ms", 5_000_000)]
    [TestCase("2.5s", 25_000_000)]
    [TestCase("-1s", -10_000_000)]
    [TestCase("3m", 1_800_000_000)]
    [TestCase("1h", 36_000_000_000)]
    [TestCase("0s", 0)]
    public void TryParse_NumberAndUnit_ExactTicks(string text, long ticks)
    {
        Assert.That(DurationText.TryParse(text, out var value), Is.True);
        Assert.That(value.Ticks, Is.EqualTo(ticks));
    }

    [TestCase("")]
    [TestCase("s")]
    [TestCase("150")]
    [TestCase("150 ms")]
    [TestCase("1,5s")]
    [TestCase("1e3s")]
    [TestCase("NaNs")]
    [TestCase("5S")]
    [TestCase("5d")]
    [TestCase("9000h")]
    [TestCase("99999999999999999999999999999h")]
    public void TryParse_AnythingElse_Refused(string text) => Assert.That(DurationText.TryParse(text, out _), Is.False);

    [Test]
    public void Format_AnyDuration_ReadsBackWithinAThousandthOfItsUnit([Values(1UL, 2UL, 3UL)] ulong seed)
    {
        var random = new SeededRandom(seed);
        for (var i = 0; i < 2_000; i++)
        {
            var value = TimeSpan.FromTicks((long)(random.NextUInt64() >> (14 + random.Next(50))));
            if (value > TimeSpan.FromDays(366))
            {
                continue;
            }
            var text = DurationText.Format(value);
            Assert.That(DurationText.TryParse(text, out var back), Is.True, text);
            Assert.That(Math.Abs((back - value).Ticks), Is.LessThanOrEqualTo(1 + (value.Ticks / 1000)), text);
        }
    }

    [TestCase(0, "0s")]
    [TestCase(1_500, "1.5us")]
    [TestCase(20_000_000, "20ms")]
    [TestCase(-1_500_000_000, "-1.5s")]
    [TestCase(90_000_000_000, "1.5m")]
    [TestCase(7_200_000_000_000, "2h")]
    public void FormatNs_Value_InTheLargestReadableUnit(long ns, string text) => Assert.That(DurationText.FormatNs(ns), Is.EqualTo(text));
}

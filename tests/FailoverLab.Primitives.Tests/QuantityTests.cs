namespace FailoverLab.Primitives.Tests;

/// <summary>Shares and rates.</summary>
public sealed class QuantityTests
{
    [TestCase("15%", 0.15)]
    [TestCase("0.25%", 0.0025)]
    [TestCase("0%", 0)]
    [TestCase("100%", 1)]
    public void RatioTryParse_Percentage_Share(string text, double share)
    {
        Assert.That(Ratio.TryParse(text, out var value), Is.True);
        Assert.That(value.Value, Is.EqualTo(share).Within(1e-12));
    }

    [TestCase("15")]
    [TestCase("0.15")]
    [TestCase("%")]
    [TestCase("-1%")]
    [TestCase("101%")]
    [TestCase("NaN%")]
    [TestCase("1e1%")]
    public void RatioTryParse_AnythingElse_Refused(string text) => Assert.That(Ratio.TryParse(text, out _), Is.False);

    [TestCase(-0.1)]
    [TestCase(1.1)]
    [TestCase(double.NaN)]
    public void Ratio_OutOfRange_Refused(double value) => Assert.That(() => new Ratio(value), Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase("20Mbit/s", 20_000_000)]
    [TestCase("512kbit/s", 512_000)]
    [TestCase("1.5Gbit/s", 1_500_000_000)]
    [TestCase("9600bit/s", 9600)]
    public void DataRateTryParse_NumberAndUnit_BitsPerSecond(string text, long bits)
    {
        Assert.That(DataRate.TryParse(text, out var value), Is.True);
        Assert.That(value.BitsPerSecond, Is.EqualTo(bits));
        Assert.That(value.ToString(), Is.EqualTo(text == "9600bit/s" ? "9.6kbit/s" : text));
    }

    [TestCase("")]
    [TestCase("bit/s")]
    [TestCase("20")]
    [TestCase("20Mbps")]
    [TestCase("0Mbit/s")]
    [TestCase("-1Mbit/s")]
    [TestCase("1001Gbit/s")]
    [TestCase("20 Mbit/s")]
    public void DataRateTryParse_AnythingElse_Refused(string text) => Assert.That(DataRate.TryParse(text, out _), Is.False);
}

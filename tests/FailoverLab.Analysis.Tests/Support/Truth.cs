using FailoverLab.Results;

namespace FailoverLab.Analysis.Tests;

/// <summary>Asserts that a known truth lies in a reported interval.</summary>
internal static class Truth
{
    public static void AssertHeldBy(this long truthNs, long lowNs, long? highNs)
    {
        Assert.That(lowNs, Is.LessThanOrEqualTo(truthNs), "lower end");
        Assert.That(highNs, Is.GreaterThanOrEqualTo(truthNs), "upper end");
    }

    public static void AssertHeldBy(this long truthNs, MeasuredTime? measured) => truthNs.AssertHeldBy(measured!.LowNs, measured.HighNs);
}

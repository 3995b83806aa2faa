using FailoverLab.Primitives;
namespace FailoverLab.Runner.Tests;

public sealed class ConfidenceTests
{
    // Tables of Student's distribution, two-sided 95 %.
    [TestCase(1, 12.70620)]
    [TestCase(9, 2.26216)]
    [TestCase(49, 2.00958)]
    [TestCase(999, 1.96234)]
    public void StudentQuantile_KnownDegrees_IsTheTables(int degreesOfFreedom, double expected) =>
        Assert.That(Confidence.StudentQuantile(degreesOfFreedom), Is.EqualTo(expected).Within(1e-5));

    [TestCase(0, 10)]
    [TestCase(7, 10)]
    [TestCase(10, 10)]
    [TestCase(48, 50)]
    [TestCase(50, 50)]
    [TestCase(950, 1000)]
    [TestCase(9_990, 10_000)]
    public void OfShare_AnyCount_HasTailsOfTwoAndAHalfPercent(int successes, int trials)
    {
        var share = Confidence.OfShare(successes, trials);
        Assert.That(share.Value, Is.EqualTo((double)successes / trials));
        Assert.That(successes == 0 ? share.Low : AtLeast(successes, trials, share.Low), Is.EqualTo(successes == 0 ? 0 : 0.025).Within(1e-9));
        Assert.That(successes == trials ? share.High : 1 - AtLeast(successes + 1, trials, share.High), Is.EqualTo(successes == trials ? 1 : 0.025).Within(1e-9));
    }

    [Test]
    public void OfMean_FewValues_IsStudentsInterval()
    {
        var (mean, half, deviation) = Confidence.OfMean([1, 2, 3, 4]);
        Assert.That((mean, deviation), Is.EqualTo((2.5, Math.Sqrt(5 / 3.0))));
        Assert.That(half, Is.EqualTo(3.182446 * deviation / 2).Within(1e-5));
    }

    [TestCase(0.5, 2, 3, 0.6875)]
    [TestCase(0.25, 1, 1, 0.25)]
    [TestCase(0.9, 0.5, 0.5, 0.7951672353)]
    public void Of_KnownValues_AreMet(double x, double a, double b, double expected)
    {
        Assert.That(IncompleteBeta.Of(x, a, b), Is.EqualTo(expected).Within(1e-9));
        Assert.That(IncompleteBeta.Inverse(expected, a, b), Is.EqualTo(x).Within(1e-8));
    }

    /// <summary>Probability of so many successes or more, added up term by term.</summary>
    private static double AtLeast(int successes, int trials, double share)
    {
        var (sum, logTerm) = (0.0, trials * Math.Log(1 - share));
        for (var k = 0; k <= trials; k++)
        {
            if (k >= successes)
            {
                sum += Math.Exp(logTerm);
            }

            logTerm += Math.Log(trials - k) - Math.Log(k + 1) + Math.Log(share) - Math.Log(1 - share);
        }

        return sum;
    }
}

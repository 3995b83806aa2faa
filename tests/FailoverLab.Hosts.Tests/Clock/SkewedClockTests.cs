using System.Globalization;
using FailoverLab.Testing;

namespace FailoverLab.Hosts.Tests;

/// <summary>Far shells whose clocks are wrong by a known amount (libfaketime).</summary>
public sealed class SkewedClockTests
{
    // Debian's busybox is linked without shared libraries, so that nothing can make its clock wrong.
    [TestCase("bash", "+2.5s")]
    [TestCase("dash", "-3s")]
    [TestCase("dash", "+7200s")]
    [TestCase("dash", "-36000s")]
    [TestCase("bash", "+3600s x1.00005")]
    [TestCase("dash", "+3600s x1.00005")]
    [TestCase("bash", "-7200s x0.99995")]
    public async Task MeasureAsync_ClockIsWrongAndDrifts_TruthLiesInTheBound(string shell, string change)
    {
        if (!FakeClock.IsInstalled)
        {
            Assert.Ignore("needs libfaketime (faketime) and perl");
        }

        using var fake = new FakeClock(change);
        await using var session = await FarShell.OpenAsync(shell, fake.Environment);

        var before = fake.Read();
        var estimate = await ClockProbe.MeasureAsync(session, TimeProvider.System, CancellationToken.None, exchanges: 24);
        var truthNs = FakeClock.At(before, fake.Read(), estimate.AtNs);

        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shell} ({session.Facts.Clock}): off by {(estimate.OffsetNs - truthNs) / 1e3:0.0} us, bound {estimate.BoundNs / 1e3:0.0} us, truth {truthNs / 1e9:0.000000} s"));
        Assert.That(truthNs, Is.InRange(estimate.LowNs - 1_000, estimate.HighNs + 1_000), "the truth is read to a microsecond");
        Assert.That(Math.Abs(truthNs), Is.GreaterThan(2_000_000_000), "the clock was not wrong at all");
        Assert.That(estimate.BoundNs, Is.LessThan(1_000_000_000), "a bound that says nothing");
    }
}

using System.Globalization;

namespace FailoverLab.Hosts.Tests;

/// <summary>Far shells whose clocks are wrong by a known amount (libfaketime).</summary>
public sealed class SkewedClockTests
{
    private static readonly string? Library = Directory.Exists("/usr/lib")
        ? Directory.EnumerateFiles("/usr/lib", "libfaketime.so.1", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true }).FirstOrDefault()
        : null;

    [TestCase("bash", "+2.5", 2_500_000_000)]
    [TestCase("dash", "-3", -3_000_000_000)]
    [TestCase("dash", "+7200", 7_200_000_000_000)]
    [TestCase("dash", "-36000", -36_000_000_000_000)]
    public async Task MeasureAsync_ClockIsWrong_TruthLiesInTheBound(string shell, string offset, long truthNs)
    {
        if (Library is null)
        {
            Assert.Ignore("needs libfaketime (faketime)");
        }

        // The library does not reach the clock that bash has built in: it is told to do without.
        var plain = Path.GetTempFileName();
        await File.WriteAllTextAsync(plain, "unset EPOCHREALTIME\n");
        await using var session = await FarShell.OpenAsync(shell, new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library,
            ["FAKETIME"] = offset,
            ["FAKETIME_DONT_RESET"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["BASH_ENV"] = plain,
        });

        var estimate = await ClockProbe.MeasureAsync(session, TimeProvider.System, CancellationToken.None, exchanges: 24);

        File.Delete(plain);
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shell} ({session.Facts.Clock}): off by {(estimate.OffsetNs - truthNs) / 1e3:0.0} us, bound {estimate.BoundNs / 1e3:0.0} us"));
        Assert.That(truthNs, Is.InRange(estimate.LowNs, estimate.HighNs));
        Assert.That(estimate.BoundNs, Is.LessThan(1_000_000_000), "a bound that says nothing");
    }
}

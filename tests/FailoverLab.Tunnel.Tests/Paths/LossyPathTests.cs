using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

/// <summary>A path that loses more than its SLA allows must not pass for one that has proved clean, whatever the order of its losses.</summary>
public sealed class LossyPathTests
{
    private const long Ms = 1_000_000;
    private const long IntervalNs = 10 * Ms;
    private const long HoldNs = 1000 * Ms;
    private const int Runs = 1000;

    [TestCase(0.15)]
    [TestCase(0.2)]
    [TestCase(0.3)]
    [TestCase(0.5)]
    public void Evaluate_LossAboveLimitForFiveSeconds_AlmostNeverProvesItself(double loss)
    {
        var proved = 0;
        for (var seed = 1UL; seed <= Runs; seed++)
        {
            proved += Proves(seed, loss) ? 1 : 0;
        }

        TestContext.Out.WriteLine($"{proved} of {Runs} runs, seeds 1 to {Runs}");
        Assert.That(proved, Is.LessThanOrEqualTo(Runs / 500));
    }

    /// <summary>Whether within five seconds of loss both ways the path is left and then counts as alive without a break for the hold time.</summary>
    private static bool Proves(ulong seed, double loss)
    {
        var random = new SeededRandom(seed);
        var monitor = new PathMonitor(new PathTimers(IntervalNs, 3), PathSla.Default, new StallGuard(IntervalNs));
        uint sent = 0, arrivedThere = 0, highestThere = 0, sentBack = 0, arrivedHere = 0, highestHere = 0;
        long echo = 0;
        var wasLeft = false;
        for (var now = 1000 * Ms; now < 7000 * Ms; now += IntervalNs)
        {
            var isLossy = now >= 2000 * Ms;
            sent++;
            if (!isLossy || random.NextDouble() >= loss)
            {
                (arrivedThere, highestThere, echo) = (arrivedThere + 1, sent, now);
            }

            sentBack++;
            if (!isLossy || random.NextDouble() >= loss)
            {
                (arrivedHere, highestHere) = (arrivedHere + 1, sentBack);
                monitor.OnHeard(now);
                var payload = new KeepalivePayload(KeepaliveRole.Router, true, 5, 5, now, echo, now - echo, 10_000, arrivedThere, highestThere, 0, 1);
                monitor.OnKeepalive(payload, arrivedHere, highestHere, now);
            }

            monitor.Evaluate(now);
            wasLeft |= isLossy && monitor.Health is PathHealth.Dead or PathHealth.Degraded;
            if (wasLeft && monitor.Health == PathHealth.Alive && now - monitor.AliveSinceNs >= HoldNs)
            {
                return true;
            }
        }

        return false;
    }
}

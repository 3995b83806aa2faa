using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>
/// Whether a run's steps started together well enough for its figures to mean anything. Beyond the limit the run is no failure of what was
/// tested but an invalid run, and says so.
/// </summary>
internal static class StartLimit
{
    /// <summary>Limit for steps over SSH where the scenario sets none; the embedded lab's have none.</summary>
    public static readonly TimeSpan OverSsh = TimeSpan.FromMilliseconds(50);

    /// <summary>One caveat per step that started too far from its instant, the host's clock bound included.</summary>
    public static IReadOnlyList<Caveat> Exceeded(RunPlan plan, StartSkew skew, ClockReport clocks)
    {
        var remote = plan.Hosts.Where(h => h.Transport == HostTransport.Ssh).Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
        var caveats = new List<Caveat>();
        foreach (var start in skew.PerHost)
        {
            var limit = plan.MaxStartSkew ?? (remote.Contains(start.Host) ? OverSsh : TimeSpan.MaxValue);
            var bound = start.BoundNs ?? clocks.Hosts.FirstOrDefault(c => c.Host == start.Host)?.BoundNs ?? 0;
            var off = Math.Abs(start.ActualNs - start.PlannedNs) + bound;
            if (off / 100 > limit.Ticks)
            {
                caveats.Add(new Caveat(
                    "start-skew",
                    $"INVALID: {start.Step} on {start.Host} started {DurationText.FormatNs(start.ActualNs - start.PlannedNs)} from its instant (clock known to {DurationText.FormatNs(bound)}); the limit is {DurationText.FormatNs(limit.Ticks * 100)}, see max_start_skew.",
                    [start.Host]));
            }
        }

        return caveats;
    }
}

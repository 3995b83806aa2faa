using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>A link that can be held against what it is asked, as the run finds it. Pure.</summary>
/// <param name="Name">Its name in the plan.</param>
/// <param name="Path">Path name.</param>
/// <param name="Up">What it does from the site before the first change; every value set.</param>
/// <param name="Down">What it does towards the site.</param>
/// <param name="EndNs">Up to when it is what it was asked and captured, ns since the Unix epoch.</param>
internal sealed record AuditedLink(string Name, string Path, LinkChange Up, LinkChange Down, long EndNs)
{
    /// <summary>Captures of the embedded lab may end so long before the run.</summary>
    private const long EndGuardNs = 100_000_000;

    /// <summary>Longest queue a file can ask for: it stands for one that nobody knows.</summary>
    private static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(1);

    /// <summary>What changes it; <see langword="null"/> in the embedded lab.</summary>
    public LinkDriver? Driver { get; private init; }

    /// <summary>How wrong stamps of its host may be, ns.</summary>
    public long BoundNs { get; private init; }

    /// <summary>A WANulator cannot be asked what it does; each change tells it everything, both ways.</summary>
    public bool IsToldWhole => Driver == LinkDriver.Wanulator;

    /// <summary>Links of the embedded lab, and those of the hosts file that the run changes where something is known of what changes make of them.</summary>
    public static IEnumerable<AuditedLink> Of(RunPlan plan, RunRecord record)
    {
        foreach (var link in plan.Topology?.WanLinks ?? [])
        {
            yield return new AuditedLink(link.Name, link.Path, link.Profile, link.ProfileDown ?? link.Profile, record.EndNs - EndGuardNs);
        }

        var changed = plan.Steps.Select(s => s.Action).OfType<LinkChangeStep>().Select(s => s.Link).ToHashSet(StringComparer.Ordinal);
        foreach (var link in plan.Links.Where(l => changed.Contains(l.Name) && l is { Driver: not LinkDriver.Pve, Lan: not null, Wan: not null } && (l.Driver == LinkDriver.Wanulator || !IsUnknown(l, record))))
        {
            // Our emulator is the link from the begin; queues and rules begin with a link that does nothing, and the profile comes with the first restore.
            var (up, down) = link.Driver is LinkDriver.Netem or LinkDriver.Nft ? (LinkChange.Good, LinkChange.Good) : (link.Profile, link.ProfileDown ?? link.Profile);
            yield return new AuditedLink(link.Name, link.Path, LinkChange.Good.With(up), LinkChange.Good.With(down), record.StopNs ?? record.EndNs)
            {
                Driver = link.Driver,
                BoundNs = record.Clocks.FirstOrDefault(c => c.Host == link.Host)?.BoundNs ?? 0,
            };
        }
    }

    /// <summary>
    /// A state as the driver brings it about: netem counts its queue in packets, 1,000 or more where nobody asked for one, and inside the delay in the
    /// smallest frames (docs/DRIVERS.md); a WANulator's queue is not known.
    /// </summary>
    public LinkChange AsDriven(LinkChange state)
    {
        const double LargeFrameBits = 1_514 * 8;
        if (Driver is not (LinkDriver.Netem or LinkDriver.Wanulator) || state is not { Rate: { } rate, Queue: { IsDefault: true, Time: { } asked } } || rate == LinkChange.Unlimited)
        {
            return state;
        }

        var inside = TimeSpan.FromTicks((long)new DelayQuantiles(state).At(1) / 100);
        var counted = TimeSpan.FromSeconds(Math.Max(1_000 * LargeFrameBits / rate.BitsPerSecond, 1.25 * (asked + (inside * 1_514 / 60)).TotalSeconds));
        return state with { Queue = state.Queue with { Time = Driver == LinkDriver.Netem && counted < LongestQueue ? counted : LongestQueue } };
    }

    private static bool IsUnknown(LinkPlan link, RunRecord record) =>
        record.Events.Any(e => e.Data is { } data && data.GetValueOrDefault(RunEvent.CaveatKey) == Caveat.LinkNotAudited && data.GetValueOrDefault("path") == link.Path);
}

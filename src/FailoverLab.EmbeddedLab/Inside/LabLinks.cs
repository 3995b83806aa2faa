using FailoverLab.Dataplane;
using FailoverLab.Emulator;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Results;
using FailoverLab.Scenarios;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab;

/// <summary>The WAN links of the lab, each an emulator between the two interfaces of its WANulator.</summary>
internal sealed class LabLinks : IDisposable
{
    private const long RehearsalNs = 1_000_000;
    private readonly List<LabLink> _links = [];
    private readonly ulong _seed;
    private readonly IClock _clock;

    private LabLinks(ulong seed, IClock clock) => (_seed, _clock) = (seed, clock);

    /// <summary>Longest time a packet may still be inside a link.</summary>
    public TimeSpan LongestDelay => _links
        .SelectMany(l => new[] { l.Link.Read(LinkDirections.Up), l.Link.Read(LinkDirections.Down) })
        .Select(i => i.LongestStay)
        .DefaultIfEmpty()
        .Max();

    /// <summary>All of them.</summary>
    public IReadOnlyList<LabLink> All => _links;

    /// <summary>From now on it counts: what happened while the lab was set up says nothing of the run.</summary>
    public void Begin()
    {
        foreach (var link in _links)
        {
            link.Before = link.Link.Counters;
        }
    }

    /// <summary>What links did beyond what they were asked since <see cref="Begin"/>.</summary>
    /// <param name="elapsed">How long ago that was.</param>
    public IEnumerable<RunEvent> Overruns(TimeSpan elapsed) =>
        _links.Select(l => LinkOverrun.Of(l.Plan, l.Before, l.Link.Counters, elapsed, _clock.RealtimeNs)).OfType<RunEvent>();

    /// <summary>Starts every link with its profile.</summary>
    public static LabLinks Start(RunPlan plan, LabNetwork network, LabReporter reporter, IClock clock)
    {
        var links = new LabLinks(plan.Seed, clock);
        TraceSettings.LoadAll(plan);
        foreach (var link in plan.Topology!.WanLinks)
        {
            var (lan, wan) = network[link.Wanulator].Run(() =>
                (PacketSocket.Open(WanulatorPorts.Lan, ring: true), PacketSocket.Open(WanulatorPorts.Wan, ring: true)));
            var up = LinkSettings.Of(link.Profile, plan.Seed);
            var setting = new WanLinkSetting
            {
                Name = link.Name,
                Up = up,
                Down = link.ProfileDown is { } down ? LinkSettings.Change(up, down, plan.Seed) : up,
                Seed = plan.Seed,
                LogLines = plan.LogsLinks ? LabLinkLogs.Lines : 0,
                Failed = failure => reporter.Fault(link.Wanulator, $"link {link.Name}: {failure}"),
            };
            var running = WanLink.Start(setting, lan, wan, clock);
            links._links.Add(new LabLink(link, new SteeredLink(running, link.Profile, link.ProfileDown ?? link.Profile, plan.Seed)));
        }

        return links;
    }

    /// <summary>Goes through a change without changing anything, so that the real one meets compiled code.</summary>
    public void Rehearse(LinkChangeStep step)
    {
        _ = LinkSettings.Change(LinkImpairments.None, step.Change, _seed);
        var nothing = step with { Change = new LinkChange() };
        Prepare(nothing, _clock.MonotonicNs + RehearsalNs)?.Perform();
        Apply(nothing);
    }

    /// <summary>Has a link change at an instant by itself.</summary>
    /// <param name="step">The change.</param>
    /// <param name="dueMonotonicNs">The instant, CLOCK_MONOTONIC ns; one that has passed is now.</param>
    /// <returns><see langword="null"/> when the link does not run any more.</returns>
    public IPreparedStep? Prepare(LinkChangeStep step, long dueMonotonicNs)
    {
        var lab = _links.First(l => l.Plan.Name == step.Link);
        return lab.Link.IsRunning ? lab.Steered.Plan(step, dueMonotonicNs) : null;
    }

    /// <summary>Changes a link while it runs.</summary>
    /// <returns>When the change had taken effect, CLOCK_REALTIME ns.</returns>
    public long Apply(LinkChangeStep step) =>
        Prepare(step, _clock.MonotonicNs)?.Perform().AcknowledgedNs ?? throw new StepFailedException($"link {step.Link} is not running any more");

    /// <summary>Every link as it stands.</summary>
    public IReadOnlyList<LinkStatus> Status() => [.. _links.Select(l =>
    {
        var counters = l.Link.Counters;
        var condition = !l.Link.IsRunning ? "not running" : LinkSettings.Describe(l.Link.Read(LinkDirections.Up), l.Link.Read(LinkDirections.Down), LinkSettings.Of(l.Plan.Profile, _seed), LinkSettings.Of(l.Plan.ProfileDown ?? l.Plan.Profile, _seed));
        return new LinkStatus(l.Plan.Name, l.Plan.Path, condition, counters.Up.Forwarded, counters.Down.Forwarded);
    })];

    public void Dispose()
    {
        foreach (var lab in _links)
        {
            lab.Link.Dispose();
        }
    }
}

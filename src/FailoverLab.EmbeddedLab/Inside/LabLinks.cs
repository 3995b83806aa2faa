using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Scenarios;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab;

/// <summary>The WAN links of the lab, each an emulator between the two interfaces of its WANulator.</summary>
internal sealed class LabLinks : IDisposable
{
    private readonly List<(WanLinkPlan Plan, WanLink Link)> _links = [];
    private readonly ulong _seed;

    private LabLinks(ulong seed) => _seed = seed;

    /// <summary>Longest time a packet may still be inside a link.</summary>
    public TimeSpan LongestDelay => _links
        .SelectMany(l => new[] { l.Link.Read(LinkDirections.Up), l.Link.Read(LinkDirections.Down) })
        .Select(i => i.LongestStay)
        .DefaultIfEmpty()
        .Max();

    /// <summary>Starts every link with its profile.</summary>
    public static LabLinks Start(RunPlan plan, LabNetwork network, LabReporter reporter, IClock clock)
    {
        var links = new LabLinks(plan.Seed);
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
                Failed = failure => reporter.Fault(link.Wanulator, $"link {link.Name}: {failure}"),
            };
            var running = WanLink.Start(setting, lan, wan, clock);
            links._links.Add((link, running));
        }

        return links;
    }

    /// <summary>Goes through a change without changing anything, so that the real one meets compiled code.</summary>
    public void Rehearse(LinkChangeStep step) => Apply(step with { Change = new LinkChange() });

    /// <summary>Changes a link while it runs.</summary>
    /// <returns>When the change had taken effect, CLOCK_REALTIME ns.</returns>
    public long Apply(LinkChangeStep step)
    {
        var link = _links.First(l => l.Plan.Name == step.Link).Link;
        if (!link.IsRunning)
        {
            throw new StepFailedException($"link {step.Link} is not running any more");
        }

        var directions = step.Direction switch
        {
            LinkDirection.Up => LinkDirections.Up,
            LinkDirection.Down => LinkDirections.Down,
            _ => LinkDirections.Both,
        };
        var atNs = link.Apply(directions, now => LinkSettings.Change(now, step.Change, _seed));
        return step.Change.Carrier is { } carrier ? link.SetCarrier(carrier) : atNs;
    }

    /// <summary>Every link as it stands.</summary>
    public IReadOnlyList<LinkStatus> Status() => [.. _links.Select(l =>
    {
        var counters = l.Link.Counters;
        var condition = LinkSettings.Describe(l.Link.Read(LinkDirections.Up), l.Link.Read(LinkDirections.Down), LinkSettings.Of(l.Plan.Profile, _seed), LinkSettings.Of(l.Plan.ProfileDown ?? l.Plan.Profile, _seed));
        return new LinkStatus(l.Plan.Name, l.Plan.Path, condition, counters.Up.Forwarded, counters.Down.Forwarded);
    })];

    public void Dispose()
    {
        foreach (var (_, link) in _links)
        {
            link.Dispose();
        }
    }
}

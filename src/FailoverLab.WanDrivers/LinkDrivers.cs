using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>
/// The drivers of real links. Those that need more than a shell (<c>pve</c> its API) are added by whoever has that; this project knows nothing of them.
/// </summary>
public sealed class LinkDrivers
{
    private readonly Dictionary<LinkDriver, Func<LinkPlan, ILinkDriver>> _makers = [];

    /// <summary>Makes the registry with the drivers of this project.</summary>
    /// <param name="shell">Gives the shell of a host; no driver disposes of it.</param>
    /// <param name="console">Gives the way to a link's WANulator; it may throw <see cref="StepHostException"/>.</param>
    /// <param name="report">Takes what drivers do, in words: link, step.</param>
    /// <param name="time">Clock of time limits.</param>
    /// <param name="seed">Seed of the run, for draws of drivers that take one; each link has its own of it.</param>
    public LinkDrivers(Func<string, IShell> shell, Func<LinkPlan, WanulatorAccess> console, Action<string, string> report, TimeProvider time, ulong? seed = null)
    {
        Add(LinkDriver.Emulator, p => new EmulatorDriver(p, shell(p.Host), seed ?? 1, time));
        Add(LinkDriver.Netem, p => new NetemDriver(p.Name, shell(p.Host), Need(p, p.Lan, "lan"), Need(p, p.Wan, "wan"), seed is { } s ? SeedOf(s, p.Name) : null));
        Add(LinkDriver.Nft, p => new NftDriver(p.Name, shell(p.Host), Need(p, p.Lan, "lan"), Need(p, p.Wan, "wan")));
        Add(LinkDriver.Wanulator, p => new WanulatorDriver(p, console(p), words => report(p.Name, words), time));
    }

    /// <summary>Adds a driver, or puts another in its place.</summary>
    /// <param name="driver">Which.</param>
    /// <param name="maker">Makes one for a link; touches nothing.</param>
    public void Add(LinkDriver driver, Func<LinkPlan, ILinkDriver> maker) => _makers[driver] = maker;

    /// <summary>Makes the driver of a link; touches nothing.</summary>
    /// <exception cref="StepHostException">No such driver here, or the plan lacks what it needs.</exception>
    public ILinkDriver Make(LinkPlan plan) => _makers.TryGetValue(plan.Driver, out var maker)
        ? maker(plan)
        : throw new StepHostException($"link {plan.Name}: driver '{Name(plan.Driver)}' is not available here; available: {string.Join(", ", _makers.Keys.Select(Name))}");

    /// <summary>
    /// What a link's driver cannot do of a change on top of the link's profile, for <c>check</c>: no driver is made, nothing is touched and nobody
    /// is asked. Empty for drivers of other projects, which speak for themselves.
    /// </summary>
    /// <returns>One sentence each, with the driver that can.</returns>
    public static IReadOnlyList<string> CannotDo(LinkPlan plan, LinkDirection direction, LinkChange change)
    {
        Func<LinkChange, IReadOnlyList<string>> ask = plan.Driver switch
        {
            LinkDriver.Netem => NetemPlanner.CannotDo,
            LinkDriver.Nft => NftLimits.CannotDo,
            LinkDriver.Wanulator => WanulatorConfig.CannotDo,
            _ => _ => [],
        };
        return
        [
            .. new[] { (Way: LinkDirection.Up, plan.Profile), (Way: LinkDirection.Down, Profile: plan.ProfileDown ?? plan.Profile) }
                .Where(side => direction == LinkDirection.Both || side.Way == direction)
                .SelectMany(side => ask(side.Profile.With(change)))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>What a link's driver does beside what it is asked, after a change on top of the link's profile, for <c>check</c>: nothing is touched.</summary>
    /// <returns>One sentence each, with its cure.</returns>
    public static IReadOnlyList<(string Words, string Cure)> Beside(LinkPlan plan, LinkDirection direction, LinkChange change) =>
        plan.Driver == LinkDriver.Netem ? NetemPlanner.Beside((direction == LinkDirection.Down ? plan.ProfileDown ?? plan.Profile : plan.Profile).With(change)) : [];

    /// <summary>A seed of a link's own, the same on every run of one seed.</summary>
    private static ulong SeedOf(ulong seed, string link) => new Primitives.SeededRandom(seed).Split(link).NextUInt64();

    private static string Need(LinkPlan plan, string? name, string key) =>
        name ?? throw new StepHostException($"link {plan.Name}: driver '{Name(plan.Driver)}' needs the interface '{key}'");

    private static string Name(LinkDriver driver) => driver.ToString().ToLowerInvariant();
}

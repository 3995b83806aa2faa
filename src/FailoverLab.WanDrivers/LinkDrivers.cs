using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>
/// The drivers by name. Those that need more than a shell (<c>pve</c> its API, <c>emulator</c> its process) are added by whoever has that;
/// this project knows nothing of them.
/// </summary>
public sealed class LinkDrivers
{
    private readonly Dictionary<string, Func<LinkDriverRequest, ILinkDriver>> _makers = new(StringComparer.Ordinal);

    /// <summary>Makes the registry with the drivers of this project.</summary>
    /// <param name="shell">Gives the shell of a host; the driver does not dispose of it.</param>
    /// <param name="console">Gives the way to a link's WANulator; it may throw <see cref="StepHostException"/>.</param>
    /// <param name="report">Takes what drivers do, in words: link, step.</param>
    /// <param name="time">Clock of time limits.</param>
    public LinkDrivers(Func<string, IShell> shell, Func<LinkDriverRequest, WanulatorAccess> console, Action<string, string> report, TimeProvider time)
    {
        Add("netem", r => new NetemDriver(r.Link, shell(r.Host), Need(r, r.Lan, "lan"), Need(r, r.Wan, "wan"), r.Seed));
        Add("nft", r => new NftDriver(r.Link, shell(r.Host), Need(r, r.Lan, "lan"), Need(r, r.Wan, "wan")));
        Add("wanulator", r => new WanulatorDriver(r, console(r), words => report(r.Link, words), time));
    }

    /// <summary>The names known.</summary>
    public IReadOnlyCollection<string> Names => _makers.Keys;

    /// <summary>Adds a driver, or puts another in its place.</summary>
    /// <param name="name">Its name in the inventory.</param>
    /// <param name="maker">Makes one for a link; touches nothing.</param>
    public void Add(string name, Func<LinkDriverRequest, ILinkDriver> maker) => _makers[name] = maker;

    /// <summary>Makes the driver of a link; touches nothing.</summary>
    /// <exception cref="StepHostException">No such driver, or the request lacks what it needs.</exception>
    public ILinkDriver Make(LinkDriverRequest request) => _makers.TryGetValue(request.Driver, out var maker)
        ? maker(request)
        : throw new StepHostException($"link {request.Link}: there is no driver '{request.Driver}'; known: {string.Join(", ", Names)}"
            + (NearestName.Find(request.Driver, Names) is { } near ? $"; did you mean '{near}'?" : ""));

    /// <summary>What a link's driver cannot do of a change on top of the link's profile, for <c>check</c>: nothing is touched and nobody is asked.</summary>
    public static IReadOnlyList<string> CannotDo(ILinkDriver driver, LinkDriverRequest request, LinkDirection direction, LinkChange change) =>
    [
        .. new[] { (Way: LinkDirection.Up, Profile: request.ProfileUp), (Way: LinkDirection.Down, Profile: request.ProfileDown) }
            .Where(side => direction == LinkDirection.Both || side.Way == direction)
            .SelectMany(side => driver.CannotDo(side.Profile.With(change)))
            .Distinct(StringComparer.Ordinal),
    ];

    private static string Need(LinkDriverRequest request, string? name, string key) =>
        name ?? throw new StepHostException($"link {request.Link}: driver '{request.Driver}' needs the interface '{key}'");
}

using FailoverLab.EmbeddedLab;
using FailoverLab.Hosts;
using FailoverLab.Proxmox;
using FailoverLab.PveDriver;
using FailoverLab.Scenarios;
using FailoverLab.WanDrivers;

namespace FailoverLab.Cli;

/// <summary>Makes the drivers of a real lab's links; where each driver comes from is known only here.</summary>
/// <param name="links">The links.</param>
/// <param name="endpoints">Proxmox VE endpoints that they name.</param>
/// <param name="seed">Seed of the run, for draws of drivers that take one; <see langword="null"/> where nothing is drawn.</param>
/// <param name="hostsFile">The hosts file, absolute: what undoes a change of a virtual machine's card reads it again.</param>
/// <param name="self">How this program is started again.</param>
/// <param name="report">Takes what drivers do: link, words.</param>
/// <param name="time">Clock of time limits.</param>
internal sealed class RealLinkDrivers(
    IReadOnlyList<LinkPlan> links, IReadOnlyList<PvePlan> endpoints, ulong? seed, string hostsFile, SelfCommand self, Action<string, string> report, TimeProvider time)
{
    /// <summary>Opens the serial line of a machine on a host over ssh; <see langword="null"/> where no host is reached so.</summary>
    public RemoteSerialLines? Remote { get; init; }

    /// <summary>The program that loads a configuration on a WANulator; <see langword="null"/> for its own place there.</summary>
    public string? WanulatorProgram { get; init; }

    /// <summary>Makes a link's driver; touches nothing.</summary>
    /// <param name="link">The link.</param>
    /// <param name="shell">The guarded shell of its host; <see langword="null"/> where no shell changes it.</param>
    /// <exception cref="StepHostException">No such driver here, or something it needs is missing.</exception>
    public ILinkDriver Make(LinkPlan link, IShell? shell)
    {
        var drivers = new LinkDrivers(_ => shell ?? throw new StepHostException($"link {link.Name}: its host has no shell"), Console, report, time, seed);
        drivers.Add(LinkDriver.Pve, OfMachine);

        // The link map names the ports of the host; a WANulator is told of its own two cards.
        return drivers.Make(link.Driver == LinkDriver.Wanulator ? link with { Lan = null, Wan = null } : link);
    }

    /// <summary>
    /// Drivers of the links whose changes no command can undo, because what undoes them wants a secret: for <c>recover</c>. Nothing is touched or asked
    /// before one of them is told to undo.
    /// </summary>
    /// <returns>To be disposed of by the caller.</returns>
    public IReadOnlyList<ILinkDriver> WithoutCommands() => [.. links.Where(l => l.Driver == LinkDriver.Wanulator).Select(l => Make(l, shell: null))];

    private PveLinkDriver OfMachine(LinkPlan link)
    {
        var found = endpoints.FirstOrDefault(p => p.Name == link.Pve) ?? throw new StepHostException($"link {link.Name}: the hosts file has no pve endpoint '{link.Pve}'");
        try
        {
            return new PveLinkDriver(link, new PveClient(PveEndpoints.Of(found), time), [self.File, .. self.Arguments], hostsFile, time);
        }
        catch (PveException refusal)
        {
            throw new StepHostException($"link {link.Name}: {refusal.Message}{(refusal.Hint is { } hint ? $" ({hint})" : "")}", refusal);
        }
    }

    private WanulatorAccess Console(LinkPlan link)
    {
        var access = new WanulatorAccess(
            stop => OpenSerialAsync(link, link.Serial ?? throw new StepHostException($"link {link.Name}: 'serial' is missing: the socket of the machine's serial line on its host"), stop),
            () => Password(link));
        return WanulatorProgram is { } program ? access with { Program = program } : access;
    }

    private Task<Stream> OpenSerialAsync(LinkPlan link, string path, CancellationToken stop) =>
        Remote is { } remote && remote.IsMeant(link.Host) ? remote.OpenAsync(link.Host, path, stop) : SerialLine.OpenAsync(path, stop);

    private static string Password(LinkPlan link)
    {
        if (link.Password is not { } reference)
        {
            throw new StepHostException($"link {link.Name}: 'password' is missing: where the password of the WANulator's console is kept");
        }

        return reference.TryRead(out var password, out var fault) ? password : throw new StepHostException($"link {link.Name}: no password for the WANulator's console: {fault}");
    }
}

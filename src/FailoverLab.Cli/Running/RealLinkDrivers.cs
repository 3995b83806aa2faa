using FailoverLab.EmbeddedLab;
using FailoverLab.Hosts;
using FailoverLab.Proxmox;
using FailoverLab.PveDriver;
using FailoverLab.Scenarios;
using FailoverLab.WanDrivers;

namespace FailoverLab.Cli;

/// <summary>Makes the drivers of a real lab's links; where each driver comes from is known only here.</summary>
/// <param name="plan">The run.</param>
/// <param name="hostsFile">The hosts file, absolute: what undoes a change of a virtual machine's card reads it again.</param>
/// <param name="self">How this program is started again.</param>
/// <param name="report">Takes what drivers do: link, words.</param>
/// <param name="time">Clock of time limits.</param>
internal sealed class RealLinkDrivers(RunPlan plan, string hostsFile, SelfCommand self, Action<string, string> report, TimeProvider time)
{
    /// <summary>Environment variable with the password of WANulators' consoles; it is never written in a file.</summary>
    public const string ConsolePassword = "FAILOVERLAB_WANULATOR_PASSWORD";

    /// <summary>Makes a link's driver; touches nothing.</summary>
    /// <param name="link">The link.</param>
    /// <param name="shell">The guarded shell of its host; <see langword="null"/> where no shell changes it.</param>
    /// <exception cref="StepHostException">No such driver here, or something it needs is missing.</exception>
    public ILinkDriver Make(LinkPlan link, IShell? shell)
    {
        var drivers = new LinkDrivers(_ => shell ?? throw new StepHostException($"link {link.Name}: its host has no shell"), Console, report, time, plan.Seed);
        drivers.Add(LinkDriver.Pve, OfMachine);
        return drivers.Make(link);
    }

    private PveLinkDriver OfMachine(LinkPlan link)
    {
        var found = plan.Pve.FirstOrDefault(p => p.Name == link.Pve) ?? throw new StepHostException($"link {link.Name}: the hosts file has no pve endpoint '{link.Pve}'");
        try
        {
            return new PveLinkDriver(link, new PveClient(PveEndpoints.Of(found), time), [self.File, .. self.Arguments], hostsFile, time);
        }
        catch (PveException refusal)
        {
            throw new StepHostException($"link {link.Name}: {refusal.Message}{(refusal.Hint is { } hint ? $" ({hint})" : "")}", refusal);
        }
    }

    private static WanulatorAccess Console(LinkPlan link) => new(
        stop => SerialLine.OpenAsync(link.Serial ?? throw new StepHostException($"link {link.Name}: 'serial' is missing: the socket of the machine's serial line on its host"), stop),
        () => Environment.GetEnvironmentVariable(ConsolePassword) is { Length: > 0 } password
            ? password
            : throw new StepHostException($"link {link.Name}: the WANulator's console asks for a password; set {ConsolePassword}"));
}

using FailoverLab.Dataplane;
using FailoverLab.EmbeddedLab;
using FailoverLab.Hosts;
using FailoverLab.Restoration;
using FailoverLab.Runner;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>Puts together the place that changes a real lab's links.</summary>
internal static class RealLinks
{
    /// <summary>Begins the run's journal of changes, in its directory and in the state folder, and makes the place.</summary>
    /// <param name="request">The run.</param>
    /// <param name="directory">Its directory.</param>
    /// <param name="run">The name under which it holds hosts.</param>
    /// <param name="makeDriver">Makes a link's driver.</param>
    /// <param name="self">What starts our own program on this machine.</param>
    /// <param name="clock">Clock of the start instant.</param>
    /// <param name="time">Timers.</param>
    /// <exception cref="StepHostException">The journal cannot be written; nothing was changed.</exception>
    public static GuardedLinks Of(
        ScenarioRequest request, RunDirectory directory, string run, Func<LinkPlan, IShell?, ILinkDriver> makeDriver, SelfCommand self, IClock clock, TimeProvider time)
    {
        var hostsFile = Path.GetFullPath(request.HostsFile);
        var knownHosts = Path.GetFullPath("known_hosts", Path.GetDirectoryName(hostsFile)!);
        var journal = RestorationJournal.Begin(directory.Path, StateFolder.Default(), Path.GetFileNameWithoutExtension(hostsFile), run, hostsFile, time);
        return new GuardedLinks(
            new LabRestoration(journal, time), new ReachedShells(request.Plan.Hosts, clock, time, RemoteProgramReach.SingleFile) { Self = [self.File, .. self.Arguments], WithProgram = RemoteProgramReach.Hosts(request.Plan) },
            makeDriver, h => OptionsOf(h, knownHosts), clock);
    }

    /// <summary>A host that is slow to answer must not take a run for dead that only waits for it.</summary>
    private static GuardOptions OptionsOf(HostPlan host, string knownHosts)
    {
        var options = new GuardOptions { Reach = HostReach.Of(host, knownHosts) };
        return options with { Lease = SshPatience.Of(host.Ssh?.Options.FirstOrDefault(o => o.Name == SshPatience.Option)?.Value, options.Lease) };
    }
}

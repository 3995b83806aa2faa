using System.Threading.Channels;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>
/// A place where steps are performed: this machine, the embedded lab with all its nodes, a host over SSH.
/// Two phases: everything is armed first, then one absolute instant starts it all.
/// </summary>
public interface IStepHost : IAsyncDisposable
{
    /// <summary>Hosts of the plan this place performs steps for.</summary>
    IReadOnlyCollection<string> Hosts { get; }

    /// <summary>What happened, in order; completes when the place has stopped.</summary>
    ChannelReader<RunEvent> Events { get; }

    /// <summary>Called before any place is armed: takes what no two runs may have at once, so that a run which is refused has changed nothing anywhere.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">Another run has it, or the place cannot take part.</exception>
    Task HoldAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Prepares all steps of this place's hosts: captures opened, programs started and held back, traffic ready.</summary>
    /// <param name="plan">The whole plan; steps of other hosts are ignored.</param>
    /// <param name="runDirectory">Absolute path of the run directory; captures and logs go there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">The place cannot take part.</exception>
    Task ArmAsync(RunPlan plan, string runDirectory, CancellationToken cancellationToken);

    /// <summary>Called once every place is armed, before the start instant is chosen: measures what wants a lab at rest, such as the hosts' clocks.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">The place cannot take part.</exception>
    Task SettleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Starts the plan.</summary>
    /// <param name="startRealtimeNs">The start instant, CLOCK_REALTIME ns; in the future.</param>
    Task FireAsync(long startRealtimeNs);

    /// <summary>
    /// Ends what may be sending, commands and traffic, and drops the remaining steps; captures go on, because other places may still send. Safe to call at any
    /// time. <see cref="StopAsync"/> does it first where it was not called, and tells again what failed here.
    /// </summary>
    Task QuietAsync() => Task.CompletedTask;

    /// <summary>Ends everything that was started and closes the captures; remaining steps are dropped. Safe to call at any time.</summary>
    /// <returns>What each capture counted.</returns>
    Task<IReadOnlyList<CaptureCount>> StopAsync();

    /// <summary>How long before the start instant the place must be told of it.</summary>
    TimeSpan Lead => TimeSpan.Zero;

    /// <summary>Clocks of this place's hosts against the reference clock, as far as they are known; empty where there is one kernel clock.</summary>
    IReadOnlyList<HostClock> Clocks => [];

    /// <summary>What is known of an event of this place after <see cref="StopAsync"/>, when clocks have been measured again; events of others are returned as they are.</summary>
    /// <param name="item">The event as it was reported, the same object.</param>
    RunEvent Revised(RunEvent item) => item;

    /// <summary>Addresses of this place's hosts, as far as they are known; empty where the plan knows them.</summary>
    IReadOnlyList<HostAddress> Addresses => [];

    /// <summary>The latest figures for a live view; <see langword="null"/> before any came.</summary>
    LiveStatus? Status { get; }
}

using System.Threading.Channels;
using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Restoration;

/// <summary>
/// The links of a real lab as a place: their hosts are put under guard, their state is taken before anything, each change is made at its instant through
/// the link's driver, and at the end everything is undone and proved.
/// </summary>
public sealed class GuardedLinks : IStepHost, IStepPreparer
{
    private readonly Channel<RunEvent> _events = Channel.CreateUnbounded<RunEvent>();
    private readonly Dictionary<string, GuardedLinkDriver> _drivers = [];
    private readonly List<IShell> _shells = [];
    private readonly List<PreparingLane> _lanes = [];
    private readonly List<Thread> _threads = [];
    private readonly LabRestoration _lab;
    private readonly IShellSource _source;
    private readonly Func<LinkPlan, IShell?, ILinkDriver> _makeDriver;
    private readonly Func<HostPlan, GuardOptions> _options;
    private readonly IClock _clock;
    private RunPlan? _plan;
    private TimeSpan _snapshot;

    /// <summary>Preparing takes about as long as a snapshot, and a quarter of a second for the host's clock; a host may be busier later than it was when it was armed.</summary>
    private static readonly TimeSpan LeastAhead = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(15);
    private const int Snapshots = 4;

    /// <summary>Makes the place; nothing is reached yet.</summary>
    /// <param name="lab">The run's restoration; disposed with this.</param>
    /// <param name="source">Ways to the hosts; disposed with this.</param>
    /// <param name="makeDriver">Makes a link's driver on the guarded shell of its host; without one for links that no shell changes.</param>
    /// <param name="options">How a host is guarded; its reach included.</param>
    /// <param name="clock">Clock of the start instant.</param>
    public GuardedLinks(
        LabRestoration lab, IShellSource source, Func<LinkPlan, IShell?, ILinkDriver> makeDriver, Func<HostPlan, GuardOptions> options, IClock clock)
    {
        _lab = lab;
        _source = source;
        _makeDriver = makeDriver;
        _options = options;
        _clock = clock;
    }

    /// <summary>
    /// How long before its instant a change is announced, laid ready to be undone, and put on its host: 1.5 s and four times what the slowest link's snapshot
    /// took, 15 s at most. On a machine emulated without hardware help the start of one program takes 50 ms, and some 50 are needed.
    /// </summary>
    public TimeSpan Ahead => LeastAhead + (_snapshot * Snapshots) is var ahead && ahead < MostAhead ? ahead : MostAhead;

    /// <summary>How the hosts were given back; absent before <see cref="StopAsync"/>.</summary>
    public RestorationOutcome? Outcome { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Hosts => [.. (_plan?.Links ?? []).Select(l => l.Host).Distinct()];

    /// <inheritdoc/>
    public ChannelReader<RunEvent> Events => _events.Reader;

    /// <inheritdoc/>
    public LiveStatus? Status => null;

    /// <summary>A change at the very beginning is prepared before it too.</summary>
    public TimeSpan Lead => _plan?.Steps.Where(_plan.IsOfRealLink).Select(s => Ahead - s.At).Append(TimeSpan.Zero).Max() ?? TimeSpan.Zero;

    /// <inheritdoc/>
    public async Task ArmAsync(RunPlan plan, string runDirectory, CancellationToken cancellationToken)
    {
        _plan = plan;
        var changed = plan.Steps.Where(plan.IsOfRealLink).Select(s => ((LinkChangeStep)s.Action).Link).ToHashSet(StringComparer.Ordinal);
        foreach (var onHost in plan.Links.Where(l => changed.Contains(l.Name)).GroupBy(l => l.Host))
        {
            LabGuard? guard = null;
            foreach (var link in onHost)
            {
                guard ??= link.Driver == LinkDriver.Pve ? null : await GuardAsync(plan.Hosts.First(h => h.Name == link.Host), [.. onHost], cancellationToken);
                var driver = new GuardedLinkDriver(_makeDriver(link, link.Driver == LinkDriver.Pve ? null : guard!.Fenced), _lab, link.Driver == LinkDriver.Pve ? null : guard);
                _drivers.Add(link.Name, driver);
                var sinceNs = _clock.MonotonicNs;
                var found = await driver.SnapshotAsync(cancellationToken);
                var took = TimeSpan.FromTicks((_clock.MonotonicNs - sinceNs) / 100);
                _snapshot = took > _snapshot ? took : _snapshot;
                Report(RunEventKind.Run, link.Host, $"{link.Name} is guarded; before: {found.Words}");
                if (found.IsUnknown && link is { Lan: not null, Wan: not null })
                {
                    ReportUnknown(link, found.Words);
                }
            }
        }

        var cannot = plan.Steps.Where(plan.IsOfRealLink)
            .SelectMany(s => _drivers[((LinkChangeStep)s.Action).Link].CannotDo(((LinkChangeStep)s.Action).Change).Select(c => $"step {s.Name}: {c}"))
            .ToList();
        if (cannot.Count > 0)
        {
            throw new StepHostException(string.Join("; ", cannot));
        }

        foreach (var driver in _drivers.Values.Where(d => d.TakesOver))
        {
            await TakeOverAsync(driver, plan.Links.First(l => l.Name == driver.Link).Host, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task FireAsync(long startRealtimeNs)
    {
        var sentNs = _clock.RealtimeNs;
        foreach (var steps in _plan!.Steps.Where(_plan.IsOfRealLink).GroupBy(s => ((LinkChangeStep)s.Action).Link))
        {
            var lane = new PreparingLane([.. steps], this, Ahead, _clock, item => _events.Writer.TryWrite(item));
            var thread = new Thread(() => lane.Run(startRealtimeNs, sentNs)) { IsBackground = true, Name = $"link {steps.Key}" };
            _lanes.Add(lane);
            _threads.Add(thread);
            thread.Start();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IPreparedStep Prepare(StepPlan step, long plannedRealtimeNs)
    {
        var change = (LinkChangeStep)step.Action;
        try
        {
            var prepared = _drivers[change.Link].PrepareAsync(change.Direction, change.Change, plannedRealtimeNs, CancellationToken.None).GetAwaiter().GetResult();
            return new PreparedLinkStep(prepared, _clock, words => Report(RunEventKind.Step, step.Host, $"{change.Link}: {words}"));
        }
        catch (StepHostException lost)
        {
            throw new StepFailedException(lost.Message, lost);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CaptureCount>> StopAsync()
    {
        if (Outcome is not null)
        {
            return [];
        }

        _lanes.ForEach(l => l.Stop());
        _threads.ForEach(t => t.Join());
        Outcome = await _lab.RestoreAsync();
        foreach (var host in Outcome.Hosts)
        {
            Report(host.IsRestored ? RunEventKind.Run : RunEventKind.Fault, host.Host, host.IsRestored ? "as it was found" : string.Join('\n', LeftText.Of(host)));
        }

        return [];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var driver in _drivers.Values)
        {
            await driver.DisposeAsync();
        }

        _drivers.Clear();
        await _lab.DisposeAsync();
        foreach (var shell in _shells)
        {
            await shell.DisposeAsync();
        }

        _shells.Clear();
        if (_source is IAsyncDisposable source)
        {
            await source.DisposeAsync();
        }

        _events.Writer.TryComplete();
    }

    private async Task TakeOverAsync(GuardedLinkDriver driver, string host, CancellationToken cancellationToken)
    {
        try
        {
            var taken = await driver.ApplyAsync(LinkDirection.Both, new LinkChange(), cancellationToken);
            Report(RunEventKind.Run, host, $"{driver.Link} is taken over: {taken.Words}");
        }
        catch (StepFailedException refusal)
        {
            throw new StepHostException(refusal.Message, refusal);
        }
    }

    private async Task<LabGuard> GuardAsync(HostPlan host, IReadOnlyList<LinkPlan> links, CancellationToken cancellationToken)
    {
        var options = _options(host);
        var shell = await _source.OpenAsync(host.Name, options.Reach, "", cancellationToken);
        _shells.Add(shell);
        await ManagementPath.RequireAsync(host, links, shell, cancellationToken);
        return await _lab.ArmAsync(shell, options, cancellationToken);
    }

    /// <summary>Whoever holds links against what they were asked leaves this one out, a WANulator until it is told everything by its first change.</summary>
    private void ReportUnknown(LinkPlan link, string found) => _events.Writer.TryWrite(new RunEvent
    {
        AtNs = _clock.RealtimeNs,
        Kind = RunEventKind.Run,
        Host = link.Host,
        Text = $"What {link.Path} did to packets before {(link.Driver == LinkDriver.Wanulator ? "its first change" : "the run, and does beside what it is asked,")} is not known ({found}): loss, delay and rate of the link are shown and were not held against it.",
        Data = new Dictionary<string, string> { [RunEvent.CaveatKey] = Caveat.LinkNotAudited, ["path"] = link.Path },
    });

    private void Report(RunEventKind kind, string host, string text) =>
        _events.Writer.TryWrite(new RunEvent { AtNs = _clock.RealtimeNs, Kind = kind, Host = host, Text = text });
}

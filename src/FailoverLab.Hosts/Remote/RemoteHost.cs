using System.Globalization;
using System.Threading.Channels;
using FailoverLab.Dataplane;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>
/// One host over SSH. Everything is put there and held back first; one absolute instant, on the host's own clock, starts it. The host waits for
/// each step's instant by itself, so the way between has no part in the timing, and says when each really began.
/// </summary>
/// <param name="host">The host's name in the plan.</param>
/// <param name="connect">Logs in.</param>
/// <param name="clock">Reference clock: that of the start instant.</param>
/// <param name="time">Timers.</param>
public sealed class RemoteHost(string host, Func<CancellationToken, Task<SshShell>> connect, IClock clock, TimeProvider time) : IStepHost
{
    private readonly Channel<RunEvent> _events = Channel.CreateUnbounded<RunEvent>();
    private readonly List<Task> _following = [];
    private readonly HashSet<string> _kept = [];
    private Task _watching = Task.CompletedTask;
    private readonly CancellationTokenSource _ending = new();
    private SshShell? _shell;
    private RemoteStepArming? _armed;
    private readonly HashSet<RunEvent> _timed = new(ReferenceEqualityComparer.Instance);
    private ClockCourse? _clock;
    private ClockFit? _fit;
    private string _keeper = "";
    private string _runDirectory = "";
    private IReadOnlyList<StepPlan> _steps = [];
    private long _sentNs;
    private Task? _quieting;
    private bool _isStopped;
    private volatile bool _isStopping;

    /// <summary>After the traffic has stopped, packets may still be on their way, and other hosts may be told later.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>A killed program that has not ended by then waits within the kernel, for a disk or a file server.</summary>
    private static readonly TimeSpan Dying = TimeSpan.FromSeconds(5);

    /// <summary>Facts of an event: its instant on the host's own clock, and how well its instant on the reference clock is known, ns.</summary>
    private const string InstantKey = "hostNs";
    private const string BoundKey = "boundNs";

    /// <summary>The run's tunnel key, the same for all hosts; the stack's programs are told it as <c>FAILOVERLAB_PSK</c>.</summary>
    public string Key { get; init; } = "";

    /// <summary>Who takes the host, so that another run is refused; absent = nobody is kept off.</summary>
    public RunHolder? Holder { get; init; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Hosts { get; } = [host];

    /// <inheritdoc/>
    public ChannelReader<RunEvent> Events => _events.Reader;

    /// <inheritdoc/>
    public LiveStatus? Status => null;

    /// <inheritdoc/>
    public TimeSpan Lead => TimeSpan.FromSeconds(1) + TimeSpan.FromTicks((_clock?.Before.RoundTripNs ?? 0) / 100 * 5);

    /// <inheritdoc/>
    public IReadOnlyList<HostClock> Clocks =>
        _clock is null ? [] : (_fit ?? ClockFit.Of(_clock.Before, null)) is var fit ? [new HostClock(host, fit.OffsetNs, fit.BoundNs)] : [];

    /// <inheritdoc/>
    public IReadOnlyList<HostAddress> Addresses { get; private set; } = [];

    /// <inheritdoc/>
    public RunEvent Revised(RunEvent item)
    {
        lock (_timed)
        {
            if (_clock?.After is null || !_timed.Contains(item))
            {
                return item;
            }
        }

        // The offset before the run was all that was known when it was reported.
        var data = new Dictionary<string, string>(item.Data!);
        var (offsetNs, boundNs) = _clock.At(item.AtNs);
        var moveNs = _clock.Before.OffsetNs - offsetNs;
        if (item is { StartedNs: { } startedNs, AcknowledgedNs: { } acknowledgedNs })
        {
            data[BoundKey] = Text(boundNs + acknowledgedNs - startedNs);
        }

        return item with { AtNs = item.AtNs + moveNs, StartedNs = item.StartedNs + moveNs, AcknowledgedNs = item.AcknowledgedNs + moveNs, Data = data };
    }

    /// <inheritdoc/>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        _shell = await connect(cancellationToken);
        if (Holder is not null && await HostHold.TakeAsync(_shell, Holder, cancellationToken) is { } warning)
        {
            Report(RunEventKind.Run, warning);
        }
    }

    /// <inheritdoc/>
    public async Task ArmAsync(RunPlan plan, string runDirectory, CancellationToken cancellationToken)
    {
        _runDirectory = runDirectory;
        if (_shell is null)
        {
            await HoldAsync(cancellationToken);
        }

        var shell = _shell!;
        _armed = new RemoteStepArming(shell, Key);
        _steps = [.. plan.Steps.Where(s => s.Host == host && !plan.IsOfRealLink(s))];
        await _armed.ArmAsync(_steps, Received(plan), cancellationToken);
        Addresses = await OwnAddresses.ReadAsync(shell, cancellationToken);
        _keeper = await ClockKeeper.ReadAsync(shell, cancellationToken);
        _watching = WatchAsync(shell);
    }

    /// <inheritdoc/>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var before = await ClockProbe.MeasureAsync(_shell!, time, cancellationToken);
        _clock = new ClockCourse(before, null);
        if (!before.IsConsistent)
        {
            throw new StepHostException($"host '{host}': its clock contradicts itself within a second: it is being stepped, or runs more than {ClockEstimator.MaxDrift * 1e6:0} ppm off; see to chrony or ntpd there");
        }

        Report(RunEventKind.Run, string.Create(
            CultureInfo.InvariantCulture,
            $"armed over ssh; clock {before.OffsetNs / 1e6:+0.000;-0.000} ms, known to {before.BoundNs / 1e3:0} us ({_shell!.Facts.Clock}); {_keeper}"));
    }

    /// <inheritdoc/>
    public async Task FireAsync(long startRealtimeNs)
    {
        _sentNs = clock.RealtimeNs;
        foreach (var step in _armed!.Held)
        {
            _following.Add(FollowAsync(step, startRealtimeNs));
        }

        foreach (var capture in _armed.Captures)
        {
            _following.Add(FollowAsync(capture));
        }

        foreach (var program in _armed.Programs.All)
        {
            _following.Add(FollowAsync(program, startRealtimeNs));
        }

        try
        {
            await _shell!.Session.FireAsync(startRealtimeNs + _clock!.Before.OffsetNs);
            if (clock.RealtimeNs >= startRealtimeNs)
            {
                Report(RunEventKind.Fault, "the host acknowledged the start instant only after it");
            }
        }
        catch (StepHostException)
        {
            // Its loss is told by the events; the other hosts go on.
        }
    }

    /// <inheritdoc/>
    public Task QuietAsync() => _quieting ??= EndSendingAsync();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CaptureCount>> StopAsync()
    {
        if (_shell is null || _isStopped)
        {
            return [];
        }

        _isStopped = true;
        var counts = new List<CaptureCount>();
        try
        {
            await QuietAsync();

            // Of a run that never began nothing is brought here; the far side ends what is there.
            if (_sentNs > 0)
            {
                // What was sent is still on its way, and captures of the hosts do not end at one instant.
                var grace = _armed!.Captures.Count > 0 ? CaptureTool.Delay : _armed.Programs.All.Count > 0 ? Grace : TimeSpan.Zero;
                if (grace > TimeSpan.Zero)
                {
                    await Task.Delay(grace, time);
                }

                await Task.WhenAll(_armed.Captures.Select(c => c.InterruptAsync()));
                foreach (var capture in _armed.Captures)
                {
                    counts.Add(await capture.EndAsync(_runDirectory));
                }

                var events = await _armed.Programs.EndAsync(_runDirectory);
                await Task.WhenAll(_armed.Held.Select(EndAsync));
                await FitAsync(_clock!.Before);
                ReportStack(events);
            }
        }
        finally
        {
            await _shell.DisposeAsync();
            await _watching;
        }

        return counts;
    }

    private async Task EndSendingAsync()
    {
        _isStopping = true;
        await _ending.CancelAsync();
        await Task.WhenAll(_following);
        if (_sentNs > 0)
        {
            await _shell!.Session.CancelLaneAsync();
            await _armed!.Programs.EndSendingAsync();
            foreach (var running in _armed.Held.Where(h => !h.Job.Closed.IsCompleted))
            {
                await _shell.Session.KillAsync(running.Job, "KILL");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        catch (StepHostException)
        {
            // It was lost; the far side ends by itself.
        }

        _events.Writer.TryComplete();
        _ending.Dispose();
    }

    /// <summary>Steps of other hosts, probe flows of which end here: each with these flows alone.</summary>
    private List<StepPlan> Received(RunPlan plan) =>
        [.. plan.Steps.Where(s => s.Action is TrafficStart start && start.Flows.Any(f => f.To == host))
            .Select(s => s with { Action = new TrafficStart([.. ((TrafficStart)s.Action).Flows.Where(f => f.To == host)]) })];

    /// <summary>What the stack's programs said while nobody listened, on the reference clock.</summary>
    private void ReportStack(IReadOnlyList<string> files)
    {
        foreach (var line in files.SelectMany(File.ReadLines).Where(l => !l.Contains("\"event\":\"armed\"", StringComparison.Ordinal)))
        {
            if (StackLine.TryRead(host, line, 0, out var item))
            {
                Report(item with { AtNs = item.AtNs - _clock!.At(Reference(item.AtNs)).OffsetNs });
            }
            else
            {
                Report(RunEventKind.Fault, $"its program printed a line that is no event: {SshFailureReader.Printable(line)}");
            }
        }
    }

    private async Task FitAsync(ClockEstimate before)
    {
        var after = await ClockProbe.MeasureAsync(_shell!, time, CancellationToken.None);
        _fit = ClockFit.Of(before, after);
        _clock = new ClockCourse(before, after);
        if (!_fit.IsSteady)
        {
            Report(RunEventKind.Fault, string.Create(
                CultureInfo.InvariantCulture,
                $"the host's clock was stepped during the run, or ran {_fit.Drift * 1e6:0} ppm off: instants of this host are only known to {_fit.BoundNs / 1e6:0.###} ms"));
        }
    }

    /// <summary>A lost host ends its own part, with its reason.</summary>
    private async Task WatchAsync(SshShell shell)
    {
        var failure = await shell.Lost;
        if (!_isStopping)
        {
            Report(RunEventKind.Fault, failure.ToString());
            _events.Writer.TryComplete();
        }
    }

    private async Task FollowAsync(RemoteStep held, long startNs)
    {
        var plannedNs = startNs + (held.Step.At.Ticks * 100);
        try
        {
            var start = await held.Job.Released.WaitAsync(_ending.Token);
            var startedNs = Reference(start.LowNs);
            ReportTimed(start.LowNs, new RunEvent
            {
                AtNs = startedNs,
                Kind = RunEventKind.Step,
                Host = host,
                Step = held.Step.Name,
                Text = held.Step.Command,
                PlannedNs = plannedNs,
                SentNs = _sentNs,
                StartedNs = startedNs,
                AcknowledgedNs = Reference(start.HighNs),
                Data = new Dictionary<string, string> { [BoundKey] = Text(_clock!.At(startedNs).BoundNs + start.HighNs - start.LowNs) },
            });
            await ExitAsync(held);
        }
        catch (Exception end) when (end is StepHostException or OperationCanceledException)
        {
            // The run or the host ended before the step did.
        }
    }

    private async Task ExitAsync(RemoteStep held)
    {
        var text = "command ended";
        try
        {
            await held.Job.Exited.WaitAsync(held.Timeout, time, _ending.Token);
        }
        catch (TimeoutException)
        {
            text = $"command killed after its timeout of {held.Timeout.TotalSeconds:0.###} s";
            await _shell!.Session.KillAsync(held.Job, "KILL");
            try
            {
                await held.Job.Exited.WaitAsync(Dying, time, _ending.Token);
            }
            catch (TimeoutException)
            {
                // It waits for something within the kernel, or the far side does not tell. Nobody waits for it.
                Report(new RunEvent { AtNs = clock.RealtimeNs, Kind = RunEventKind.Fault, Host = host, Step = held.Step.Name, Text = $"{text}, and it has not ended since" });
                return;
            }
        }

        var exit = await held.Job.Exited;
        ReportTimed(exit.AtNs, new RunEvent
        {
            AtNs = Reference(exit.AtNs),
            Kind = exit.Status == 0 ? RunEventKind.Step : RunEventKind.Fault,
            Host = host,
            Step = held.Step.Name,
            Text = exit.Status == 0 ? text : $"{text} with status {exit.Status}; see logs/{host}/{held.Step.Name}.err",
            ExitStatus = exit.Status,
        });
        if (held.HasLogs)
        {
            // What it left running in the background goes on until the run ends, and may still print.
            await held.Job.Closed.WaitAsync(_ending.Token);
            await KeepLogsAsync(held);
        }
    }

    private async Task FollowAsync(RemoteCapture capture)
    {
        try
        {
            await capture.Job.Exited.WaitAsync(_ending.Token);
            Report(RunEventKind.Step, $"capture of {capture.Point} ended");
        }
        catch (Exception end) when (end is StepHostException or OperationCanceledException)
        {
            // The run or the host ended first.
        }
    }

    private async Task FollowAsync(RemoteProgram program, long startNs)
    {
        try
        {
            var exit = await program.Job.Exited.WaitAsync(_ending.Token);
            var atNs = Reference(exit.AtNs);
            var wasAsked = _steps.Any(s => startNs + (s.At.Ticks * 100) <= atNs && s.Action switch
            {
                StackKill kill => program.IsStack && kill.Signal is "KILL" or "TERM",
                StopStep stop => stop.What == (program.IsStack ? StopTarget.Stack : StopTarget.Traffic),
                _ => false,
            });
            ReportTimed(exit.AtNs, new RunEvent
            {
                AtNs = atNs,
                Kind = wasAsked ? RunEventKind.Step : RunEventKind.NodeExit,
                Host = host,
                Text = wasAsked ? "program ended as asked" : $"the program of {program.Name} ended by itself with status {exit.Status}; see logs/{host}/{program.Name}.err",
                ExitStatus = exit.Status,
            });
        }
        catch (Exception end) when (end is StepHostException or OperationCanceledException)
        {
            // The run or the host ended first.
        }
    }

    private async Task EndAsync(RemoteStep held)
    {
        if (!held.Job.Closed.IsCompleted)
        {
            await _shell!.Session.KillAsync(held.Job, "KILL");
            await _shell.Session.CollectAsync(held.Job);
        }

        if (held.HasLogs && held.Job.Released.IsCompletedSuccessfully)
        {
            await KeepLogsAsync(held);
        }
    }

    private async Task KeepLogsAsync(RemoteStep held)
    {
        lock (_kept)
        {
            if (!_kept.Add(held.Step.Name))
            {
                return;
            }
        }

        try
        {
            var logs = Directory.CreateDirectory(Path.Combine(_runDirectory, "logs", host)).FullName;
            await File.WriteAllBytesAsync(Path.Combine(logs, held.Step.Name + ".out"), held.Job.Output);
            await File.WriteAllBytesAsync(Path.Combine(logs, held.Step.Name + ".err"), held.Job.Error);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            Report(RunEventKind.Fault, $"logs of step {held.Step.Name} could not be written here: {full.Message}");
        }
    }

    /// <summary>An instant of the host's clock on the reference clock.</summary>
    private long Reference(long hostNs) => hostNs - _clock!.Before.OffsetNs;

    /// <summary>Reports what happened at an instant of the host's clock, to be put right once the clock was measured again.</summary>
    private void ReportTimed(long hostNs, RunEvent item)
    {
        item = item with { Data = new Dictionary<string, string>(item.Data ?? new Dictionary<string, string>()) { [InstantKey] = Text(hostNs) } };
        lock (_timed)
        {
            _timed.Add(item);
        }

        Report(item);
    }

    private static string Text(long ns) => ns.ToString(CultureInfo.InvariantCulture);

    private void Report(RunEventKind kind, string text) => Report(new RunEvent { AtNs = clock.RealtimeNs, Kind = kind, Host = host, Text = text });

    private void Report(RunEvent item) => _events.Writer.TryWrite(item);
}

using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;
using FailoverLab.Dataplane;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>This machine: runs the commands of steps on hosts with <c>transport: local</c>, as the user who started the program.</summary>
public sealed class LocalHost : IStepHost, IStepPerformer
{
    private readonly Channel<RunEvent> _events = Channel.CreateUnbounded<RunEvent>();
    private readonly List<StepPlan> _steps = [];
    private readonly IClock _clock;
    private CommandRunner? _commands;
    private Lane? _lane;
    private Thread? _laneThread;

    /// <summary>Makes the place.</summary>
    /// <param name="hosts">Hosts of the plan that are this machine.</param>
    /// <param name="clock">Clock of the start instant.</param>
    public LocalHost(IReadOnlyCollection<string> hosts, IClock clock)
    {
        Hosts = hosts;
        _clock = clock;
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Hosts { get; }

    /// <inheritdoc/>
    public ChannelReader<RunEvent> Events => _events.Reader;

    /// <inheritdoc/>
    public LiveStatus? Status => null;

    /// <inheritdoc/>
    public Task ArmAsync(RunPlan plan, string runDirectory, CancellationToken cancellationToken)
    {
        _steps.AddRange(plan.Steps.Where(s => Hosts.Contains(s.Host) && !plan.IsOfRealLink(s)));
        _commands = new CommandRunner(runDirectory, Report, _clock, Start);
        if (_steps.FirstOrDefault(s => s.Action is not RunCommand) is { } other)
        {
            throw new StepHostException($"step {other.Name}: this machine performs commands only; {other.Command} needs a node of the embedded lab");
        }

        _steps.ForEach(s => _commands.Arm(s, (RunCommand)s.Action));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task FireAsync(long startRealtimeNs)
    {
        var sentNs = _clock.RealtimeNs;
        _lane = new Lane(_steps, this, _clock, Report);
        _laneThread = new Thread(() => _lane.Run(startRealtimeNs, sentNs)) { IsBackground = true, Name = "local lane" };
        _laneThread.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public long Perform(StepPlan step, long plannedRealtimeNs)
    {
        _commands!.Start(step, (RunCommand)step.Action);
        return _clock.RealtimeNs;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CaptureCount>> StopAsync()
    {
        _lane?.Stop();
        _laneThread?.Join();
        _commands?.Dispose();
        return Task.FromResult<IReadOnlyList<CaptureCount>>([]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _events.Writer.TryComplete();
    }

    private void Report(RunEvent item) => _events.Writer.TryWrite(item);

    private static Process Start(string host, ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new StepFailedException($"{start.FileName} could not be started: {failure.Message}", failure);
        }
    }
}

using System.Globalization;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>Puts the steps of one host there: captures run already, everything else is started and held back for its instant.</summary>
internal sealed class RemoteStepArming
{
    private readonly SshShell _shell;
    private string? _directory;
    private int _captures;

    public RemoteStepArming(SshShell shell, string key)
    {
        _shell = shell;
        Programs = new RemotePrograms(shell, DirectoryAsync, key);
    }

    /// <summary>Our programs that run there.</summary>
    public RemotePrograms Programs { get; }

    /// <summary>Captures that run.</summary>
    public List<RemoteCapture> Captures { get; } = [];

    /// <summary>Steps that wait.</summary>
    public List<RemoteStep> Held { get; } = [];

    /// <summary>Arms the steps, in order of time.</summary>
    /// <param name="steps">Steps of this host.</param>
    /// <param name="received">Steps of others whose probe flows end here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">One cannot be performed there; says why.</exception>
    public async Task ArmAsync(IReadOnlyList<StepPlan> steps, IReadOnlyList<StepPlan> received, CancellationToken cancellationToken)
    {
        if (received.Count > 0)
        {
            await Programs.ReceiveAsync(received, cancellationToken);
        }

        _captures = steps.Select(s => s.Action).OfType<CaptureStart>().Sum(c => c.Interfaces.Count);
        foreach (var step in steps)
        {
            await ArmAsync(step, cancellationToken);
        }

        foreach (var held in Held)
        {
            await held.Job.Armed.WaitAsync(cancellationToken);
        }

        await Programs.ArmedAsync(cancellationToken);
    }

    private async Task ArmAsync(StepPlan step, CancellationToken cancellationToken)
    {
        switch (step.Action)
        {
            case RunCommand command:
                var environment = new Dictionary<string, string>(command.Environment, StringComparer.Ordinal);
                if (command.CopiedFiles.Count > 0)
                {
                    environment["FAILOVERLAB_FILES"] = await CopyAsync(step, command.CopiedFiles, cancellationToken);
                }

                await HoldAsync(step, command.Shell, environment, command.Timeout, hasLogs: true, cancellationToken);
                break;
            case CaptureStart capture:
                var directory = await DirectoryAsync(cancellationToken);
                Captures.AddRange(await Task.WhenAll(capture.Interfaces.Select(name => RemoteCapture.BeginAsync(_shell, directory, name, capture.SnapLength, _captures, cancellationToken))));

                break;
            case StopStep { What: StopTarget.Capture }:
                var script = string.Join('\n', [.. await Task.WhenAll(Captures.Select(c => c.StopScriptAsync())), "wait"]);
                await HoldAsync(step, script, cancellationToken);
                break;
            case TrafficStart:
                await HoldAsync(step, await Programs.SendAsync(step, cancellationToken), cancellationToken);
                break;
            case StackStart stack:
                await HoldAsync(step, await Programs.StackAsync(step, stack, cancellationToken), cancellationToken);
                break;
            case StackKill kill:
                await HoldAsync(step, await Programs.SignalStackAsync(step, kill.Signal), cancellationToken);
                break;
            case StopStep { What: StopTarget.Stack }:
                await HoldAsync(step, await Programs.SignalStackAsync(step, "TERM"), cancellationToken);
                break;
            case StopStep { What: StopTarget.Traffic }:
                await HoldAsync(step, await Programs.StopSendingAsync(), cancellationToken);
                break;
            default:
                throw new StepHostException($"step {step.Name}: '{step.Command}' cannot be performed on '{_shell.Host}' over ssh");
        }
    }

    private Task HoldAsync(StepPlan step, string script, CancellationToken cancellationToken) =>
        HoldAsync(step, script, new Dictionary<string, string>(), TimeSpan.FromSeconds(10), hasLogs: false, cancellationToken);

    private async Task HoldAsync(StepPlan step, string script, IReadOnlyDictionary<string, string> environment, TimeSpan timeout, bool hasLogs, CancellationToken cancellationToken)
    {
        var job = await _shell.Session.StartAsync(RemoteKind.HeldScript, [script], environment, default, cancellationToken);
        await _shell.Session.ScheduleAsync(job, step.At.Ticks * 100, cancellationToken);
        Held.Add(new RemoteStep(step, job, timeout, hasLogs));
    }

    /// <summary>The far side's own directory, which it removes at the end.</summary>
    private async Task<string> DirectoryAsync(CancellationToken cancellationToken)
    {
        if (_directory is null)
        {
            var result = await _shell.RunAsync(new ShellCommand("sh", "-c", "printf %s \"$FAILOVERLAB_DIR\""), cancellationToken);
            _directory = result.IsSuccess && result.Output.StartsWith('/') ? result.Output : throw new StepHostException($"host '{_shell.Host}': the far side has no directory of its own");
        }

        return _directory;
    }

    private async Task<string> CopyAsync(StepPlan step, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var below = $"{await DirectoryAsync(cancellationToken)}/files/{step.Name}";
        for (var i = 0; i < files.Count; i++)
        {
            try
            {
                await new RemoteFiles(_shell).SendAsync(files[i], string.Create(CultureInfo.InvariantCulture, $"{below}/{i}/{Path.GetFileName(files[i])}"), cancellationToken);
            }
            catch (Exception failure) when (failure is StepFailedException or IOException or UnauthorizedAccessException)
            {
                throw new StepHostException($"step {step.Name}: {failure.Message}", failure);
            }
        }

        return below;
    }
}

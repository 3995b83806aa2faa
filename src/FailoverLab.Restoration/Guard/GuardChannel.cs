using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>The shell of a guarded host, one caller at a time but for renewals of the lease, which wait for nobody.</summary>
internal sealed class GuardChannel(IShell shell, GuardScript script) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The host's name in the plan.</summary>
    public string Host => shell.Host;

    /// <summary>The calls of its script.</summary>
    public GuardScript Script => script;

    /// <summary>Runs a command when its turn has come.</summary>
    /// <exception cref="StepHostException">The host cannot be reached.</exception>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await shell.RunAsync(command, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Renews the lease, beside whatever else is run: a command may take longer than the lease.</summary>
    /// <exception cref="StepHostException">The host cannot be reached.</exception>
    public Task<ShellResult> RenewAsync(TimeSpan lease, CancellationToken cancellationToken) => shell.RunAsync(script.Renew(lease), cancellationToken);

    /// <summary>What starts our own program there; empty where it is not.</summary>
    public IReadOnlyList<string> OwnProgram => shell.OwnProgram;

    /// <summary>Measures the host's clock, beside whatever else is run.</summary>
    /// <exception cref="StepHostException">The host cannot be reached.</exception>
    public Task<ClockEstimate> MeasureClockAsync(CancellationToken cancellationToken) => shell.MeasureClockAsync(cancellationToken);

    /// <summary>Whether a program can be put at a gate there.</summary>
    public bool HasGates => shell is IGateShell;

    /// <summary>Puts a program at a gate, beside whatever else is run; see <see cref="HasGates"/>.</summary>
    /// <exception cref="StepHostException">The host cannot be reached.</exception>
    public Task<IGatedProgram> GateAsync(ShellCommand command, long atRealtimeNs, CancellationToken cancellationToken) =>
        ((IGateShell)shell).GateAsync(command, atRealtimeNs, cancellationToken);

    /// <summary>Undoes one change: through the host's own script, or through whoever else can.</summary>
    public async Task<UndoResult> UndoAsync(ChangeState change, IReadOnlyList<IUndoer> undoers)
    {
        if (!change.Intent.IsGuarded)
        {
            return await UndoerList.UndoAsync(undoers, change);
        }

        ShellResult result;
        try
        {
            result = await RunAsync(script.Undo(change.Id), CancellationToken.None);
        }
        catch (StepHostException lost)
        {
            return new UndoResult(UndoOutcome.Unreachable, "", lost.Message);
        }

        var (word, now) = Split(result.Output);
        return word switch
        {
            "restored" => new UndoResult(UndoOutcome.Restored, now),
            "foreign" => new UndoResult(UndoOutcome.Foreign, now, "neither the state before nor what the run made of it: somebody else changed it, so it was left alone"),
            "failed" => new UndoResult(UndoOutcome.Failed, now, "the undo ran, and the state before did not come back"),
            _ => new UndoResult(UndoOutcome.Unreachable, "", Said(result)),
        };
    }

    /// <summary>What a failed call said.</summary>
    public static string Said(ShellResult result) =>
        result.TimedOut ? "no answer in time" : result.Error.Trim() is { Length: > 0 } said ? said.Replace("failoverlab: ", "", StringComparison.Ordinal) : $"status {result.Status}";

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private static (string Word, string Now) Split(string output)
    {
        var end = output.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? (output.Trim(), "") : (output[..end].Trim(), output[(end + 1)..].TrimEnd('\n'));
    }
}

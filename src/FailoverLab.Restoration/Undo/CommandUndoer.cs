using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>Undoes, by their own commands run where this program is, changes that no guard holds: those of a management interface that has a command line.</summary>
/// <param name="shell">This machine.</param>
public sealed class CommandUndoer(IShell shell) : IUndoer
{
    /// <inheritdoc/>
    public bool CanUndo(ChangeIntent intent) => intent is { IsGuarded: false, IsForGuard: true };

    /// <inheritdoc/>
    public async Task<UndoResult> UndoAsync(ChangeState change, CancellationToken cancellationToken)
    {
        try
        {
            if (await DifferenceAsync(change.Intent, cancellationToken) is null)
            {
                return new UndoResult(UndoOutcome.Restored, change.Before);
            }

            foreach (var command in change.Intent.Undo)
            {
                await shell.RunAsync(command, cancellationToken);
            }

            return await DifferenceAsync(change.Intent, cancellationToken) is { } seen
                ? new UndoResult(UndoOutcome.Failed, seen, "the undo ran, and the state before did not come back")
                : new UndoResult(UndoOutcome.Restored, change.Before);
        }
        catch (StepHostException lost)
        {
            return new UndoResult(UndoOutcome.Unreachable, "", lost.Message);
        }
    }

    /// <summary>What the first check that is not met prints; nothing when all are.</summary>
    private async Task<string?> DifferenceAsync(ChangeIntent intent, CancellationToken cancellationToken)
    {
        foreach (var check in intent.Checks)
        {
            var result = await shell.RunAsync(check.Command, cancellationToken);
            if (!check.IsMetBy(result))
            {
                return result.IsSuccess ? result.Output.TrimEnd() : GuardChannel.Said(result);
            }
        }

        return null;
    }
}

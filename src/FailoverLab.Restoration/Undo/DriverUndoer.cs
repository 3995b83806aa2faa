using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>Undoes the changes of one link through its driver.</summary>
/// <param name="driver">The link's driver; not disposed here.</param>
public sealed class DriverUndoer(ILinkDriver driver) : IUndoer
{
    /// <inheritdoc/>
    public bool CanUndo(ChangeIntent intent) => intent.Kind == driver.Kind && intent.Target == driver.Link;

    /// <inheritdoc/>
    public async Task<UndoResult> UndoAsync(ChangeState change, CancellationToken cancellationToken)
    {
        try
        {
            var applied = await driver.UndoAsync(change.Intent.ToSnapshot(), cancellationToken);
            return new UndoResult(UndoOutcome.Restored, applied.Words);
        }
        catch (StepFailedException failed)
        {
            return new UndoResult(UndoOutcome.Failed, "", failed.Message);
        }
        catch (StepHostException lost)
        {
            return new UndoResult(UndoOutcome.Unreachable, "", lost.Message);
        }
    }
}

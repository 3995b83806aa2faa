namespace FailoverLab.Restoration;

/// <summary>Undoes changes of one kind that no shell command can undo: those made through a management interface. Without side effect on what is back already.</summary>
public interface IUndoer
{
    /// <summary>Whether it can undo this change.</summary>
    bool CanUndo(ChangeIntent intent);

    /// <summary>Puts one change back and proves it by reading it. Throws nothing but what cancellation asks for.</summary>
    /// <param name="change">The change, as the journal knows it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<UndoResult> UndoAsync(ChangeState change, CancellationToken cancellationToken);
}

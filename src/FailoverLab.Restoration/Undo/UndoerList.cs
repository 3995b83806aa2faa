namespace FailoverLab.Restoration;

/// <summary>Finds who can undo a change.</summary>
internal static class UndoerList
{
    /// <summary>Tries a change with the first undoer that knows its kind.</summary>
    public static Task<UndoResult> UndoAsync(IReadOnlyList<IUndoer> undoers, ChangeState change) =>
        undoers.FirstOrDefault(u => u.CanUndo(change.Intent)) is { } undoer
            ? undoer.UndoAsync(change, CancellationToken.None)
            : Task.FromResult(new UndoResult(UndoOutcome.Unreachable, "", $"nobody here can undo changes of kind '{change.Intent.Kind}'; give the hosts file with --hosts"));
}

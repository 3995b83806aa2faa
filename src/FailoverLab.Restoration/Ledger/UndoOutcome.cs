namespace FailoverLab.Restoration;

/// <summary>How a change stands.</summary>
public enum UndoOutcome
{
    /// <summary>Not undone yet.</summary>
    Pending,

    /// <summary>The state before was read back.</summary>
    Restored,

    /// <summary>What was read is neither the state before nor what the run made of it; it was left alone.</summary>
    Foreign,

    /// <summary>The undo ran, and the state before did not come back.</summary>
    Failed,

    /// <summary>The host could not be asked.</summary>
    Unreachable,
}

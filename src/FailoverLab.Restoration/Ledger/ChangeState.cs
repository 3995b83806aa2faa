namespace FailoverLab.Restoration;

/// <summary>One change as the journal knows it.</summary>
/// <param name="Id">Its number in the journal.</param>
/// <param name="Intent">What it is and how to come back.</param>
/// <param name="Before">The state before, as read.</param>
public sealed record ChangeState(int Id, ChangeIntent Intent, string Before)
{
    /// <summary>The state after the last act, as read; <see langword="null"/> while unknown.</summary>
    public string? After { get; init; }

    /// <summary>Whether an act was announced whose end is not known: whatever differs from the state before is then taken for ours.</summary>
    public bool IsActing { get; init; }

    /// <summary>How it stands.</summary>
    public UndoOutcome Outcome { get; init; }

    /// <summary>What was read last when it was undone; absent before.</summary>
    public string? Now { get; init; }

    /// <summary>Why it is as it is, in words.</summary>
    public string Words { get; init; } = "";

    /// <summary>Whether there is still something to do.</summary>
    public bool IsLeft => Outcome != UndoOutcome.Restored;
}

namespace FailoverLab.Restoration;

/// <summary>What came of one try to undo one change.</summary>
/// <param name="Outcome">How it stands now.</param>
/// <param name="Now">The state as read afterwards; empty when it could not be read.</param>
/// <param name="Words">Why, in words; empty when all is well.</param>
public sealed record UndoResult(UndoOutcome Outcome, string Now, string Words = "");

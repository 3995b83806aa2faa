namespace FailoverLab.Restoration;

/// <summary>One change, as a recovery found and left it.</summary>
/// <param name="Kind">What kind of change it is.</param>
/// <param name="Target">What was changed.</param>
/// <param name="Outcome">How it stands.</param>
/// <param name="Difference">Lines missing (<c>-</c>) and lines too many (<c>+</c>) against the state before; empty when it is back or was not looked at.</param>
/// <param name="Undo">The literal commands that put it back.</param>
public sealed record RecoveredChange(string Kind, string Target, UndoOutcome Outcome, IReadOnlyList<string> Difference, IReadOnlyList<string> Undo)
{
    /// <summary>A change as the journal knows it.</summary>
    internal static RecoveredChange Of(ChangeState change) => new(
        change.Intent.Kind,
        change.Intent.Target,
        change.Outcome,
        change.IsLeft && change.Now is { } now ? [.. StateDifference.Lines(change.Before, now)] : [],
        [.. change.Intent.Undo.Select(c => c.ToString())]);
}

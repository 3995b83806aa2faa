namespace FailoverLab.Restoration;

/// <summary>
/// The order in which one host's changes are undone: newest first, each tried again after a growing pause, one that fails never stopping the others.
/// Pure: results and time in, the next step out.
/// </summary>
public sealed class RestorationPlan
{
    /// <summary>Tries of one change before it is left.</summary>
    public const int MaxTries = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly List<int> _round;
    private readonly Dictionary<int, UndoOutcome> _outcomes;
    private int _at;
    private int _tries;
    private TimeSpan _dueAt;
    private bool _isCut;

    /// <summary>Makes the plan of one host.</summary>
    /// <param name="left">Its changes that are not known to be back, in any order.</param>
    public RestorationPlan(IEnumerable<int> left)
    {
        _round = [.. left.OrderDescending()];
        _outcomes = _round.ToDictionary(id => id, _ => UndoOutcome.Pending);
    }

    /// <summary>How each change stands.</summary>
    public IReadOnlyDictionary<int, UndoOutcome> Outcomes => _outcomes;

    /// <summary>What is to be done next; asking changes nothing.</summary>
    public RestorationStep Next => _isCut ? new(RestorationStepKind.GiveUp, 0, _dueAt)
        : _at < _round.Count ? new(RestorationStepKind.Undo, _round[_at], _dueAt)
        : new(_round.Count == 0 ? RestorationStepKind.Disarm : RestorationStepKind.GiveUp, 0, _dueAt);

    /// <summary>Takes the result of the step that was asked for.</summary>
    /// <param name="outcome">How the change stands.</param>
    /// <param name="now">The time, of any clock that does not go back.</param>
    public void OnResult(UndoOutcome outcome, TimeSpan now)
    {
        _outcomes[_round[_at]] = outcome;
        if (outcome == UndoOutcome.Unreachable)
        {
            // Without the host nothing else can be tried; its guard goes on by itself.
            _isCut = true;
            foreach (var id in _round.Where(id => _outcomes[id] == UndoOutcome.Pending))
            {
                _outcomes[id] = UndoOutcome.Unreachable;
            }

            return;
        }

        if (++_at < _round.Count)
        {
            return;
        }

        // Another's change is looked at again in later rounds, for it may be taken back; it is never overwritten.
        _round.RemoveAll(id => _outcomes[id] == UndoOutcome.Restored);
        _tries++;
        var isWorthIt = _tries < MaxTries && _round.Any(id => _outcomes[id] == UndoOutcome.Failed);
        _at = _round.Count == 0 || isWorthIt ? 0 : _round.Count;
        _dueAt = _round.Count > 0 && isWorthIt ? now + (FirstPause * (1 << (_tries - 1))) : now;
    }
}

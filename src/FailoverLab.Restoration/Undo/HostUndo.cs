using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>Carries a <see cref="RestorationPlan"/> out for one host, and keeps the journal of it.</summary>
internal static class HostUndo
{
    /// <summary>Undoes what is left on a host.</summary>
    /// <param name="host">Its name in the plan.</param>
    /// <param name="journal">Takes every result.</param>
    /// <param name="undo">Tries one change; throws nothing.</param>
    /// <param name="disarm">Takes the guard away; returns why it could not, else <see langword="null"/>.</param>
    /// <param name="time">Timers of the pauses.</param>
    public static async Task<HostRestoration> RunAsync(
        string host, RestorationJournal journal, Func<ChangeState, Task<UndoResult>> undo, Func<Task<string?>> disarm, TimeProvider time)
    {
        var ledger = journal.Ledger;
        var plan = new RestorationPlan(ledger.Left.Where(c => c.Intent.Host == host).Select(c => c.Id));
        string? fault = null;
        while (true)
        {
            var step = plan.Next;
            if (step.Kind == RestorationStepKind.GiveUp)
            {
                break;
            }

            if (step.Kind == RestorationStepKind.Disarm)
            {
                fault = await TryAsync(disarm);
                break;
            }

            var now = time.GetElapsedTime(0);
            if (step.DueAt > now)
            {
                await Task.Delay(step.DueAt - now, time);
            }

            var result = await undo(ledger[step.Change]);
            journal.Note(RecordOf(host, step.Change, result));
            plan.OnResult(result.Outcome, time.GetElapsedTime(0));
        }

        return new HostRestoration(host, [.. ledger.Changes.Where(c => c.Intent.Host == host).Reverse().Select(c => Told(c, plan))], fault);
    }

    private static async Task<string?> TryAsync(Func<Task<string?>> disarm)
    {
        try
        {
            return await disarm();
        }
        catch (StepHostException lost)
        {
            return lost.Message;
        }
    }

    /// <summary>What was not reached any more is told as such; the journal keeps it as not undone.</summary>
    private static ChangeState Told(ChangeState change, RestorationPlan plan) =>
        plan.Outcomes.TryGetValue(change.Id, out var outcome) && outcome == UndoOutcome.Unreachable ? change with { Outcome = outcome } : change;

    private static JournalRecord RecordOf(string host, int change, UndoResult result) => new()
    {
        Kind = result.Outcome switch
        {
            UndoOutcome.Restored => JournalRecordKind.Restored,
            UndoOutcome.Foreign => JournalRecordKind.Foreign,
            UndoOutcome.Failed => JournalRecordKind.Failed,
            _ => JournalRecordKind.Unreachable,
        },
        Host = host,
        Change = change,
        State = result.Now.Length == 0 ? null : result.Now,
        Words = result.Words.Length == 0 ? null : result.Words,
    };
}

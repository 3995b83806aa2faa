using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>
/// Everything one run changes, and the way back: its journal, the guards of its hosts, and the undoers of what no shell can undo. Thread-safe, but
/// for <see cref="RestoreAsync"/>, which comes last.
/// </summary>
/// <param name="journal">The run's journal; closed here once all is back, and disposed here.</param>
/// <param name="time">Timers.</param>
public sealed class LabRestoration(RestorationJournal journal, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<LabGuard> _guards = [];
    private readonly List<IUndoer> _undoers = [];

    /// <summary>The run's journal.</summary>
    public RestorationJournal Journal => journal;

    /// <summary>Puts a host under guard, see <see cref="LabGuard.ArmAsync"/>.</summary>
    /// <param name="shell">A way to the host for the guard's calls alone; not disposed here.</param>
    /// <param name="options">Lease and place.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">The host cannot be guarded; nothing was changed there.</exception>
    public async Task<LabGuard> ArmAsync(IShell shell, GuardOptions options, CancellationToken cancellationToken)
    {
        var guard = await LabGuard.ArmAsync(shell, journal, options, time, cancellationToken);
        lock (_gate)
        {
            _guards.Add(guard);
        }

        return guard;
    }

    /// <summary>Says who undoes changes that no shell can.</summary>
    public void Register(IUndoer undoer)
    {
        lock (_gate)
        {
            _undoers.Add(undoer);
        }
    }

    /// <summary>Announces a change that no guard on a host can undo; the journal is on the disk when this returns.</summary>
    /// <param name="intent">The change and how to come back; of a target announced before, the first one counts.</param>
    /// <returns>The change's number, for <see cref="Done"/>.</returns>
    /// <exception cref="StepHostException">The journal cannot be written: the change must not be made.</exception>
    public int Intend(ChangeIntent intent)
    {
        if (journal.Ledger.Find(intent.Host, intent.Kind, intent.Target) is { } known)
        {
            journal.Announce(new JournalRecord { Kind = JournalRecordKind.Again, Host = intent.Host, Change = known.Id });
            return known.Id;
        }

        var id = journal.NextChange();
        journal.Announce(new JournalRecord { Kind = JournalRecordKind.Intent, Host = intent.Host, Change = id, Intent = intent, State = intent.Words });
        return id;
    }

    /// <summary>Says that an announced change was made.</summary>
    /// <param name="change">Its number, of <see cref="Intend"/>.</param>
    /// <param name="state">What was read back, in words.</param>
    public void Done(int change, string state) =>
        journal.Note(new JournalRecord { Kind = JournalRecordKind.Done, Host = journal.Ledger[change].Intent.Host, Change = change, State = state });

    /// <summary>Undoes everything, every host at the same time, each newest first, and proves it; takes guards and journal away where all is back.</summary>
    public async Task<RestorationOutcome> RestoreAsync()
    {
        var guarded = _guards.Select(g => g.RestoreAsync(_undoers)).ToList();
        var names = _guards.Select(g => g.Host).ToHashSet(StringComparer.Ordinal);
        var others = journal.Ledger.Left.Select(c => c.Intent.Host).Where(h => !names.Contains(h)).Distinct()
            .Select(h => HostUndo.RunAsync(h, journal, c => UndoerList.UndoAsync(_undoers, c), () => Task.FromResult<string?>(null), time))
            .ToList();
        var outcome = new RestorationOutcome(await Task.WhenAll(guarded.Concat(others)));
        if (outcome.IsRestored)
        {
            journal.Close();
        }

        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var guard in _guards)
        {
            await guard.DisposeAsync();
        }

        journal.Dispose();
    }
}

namespace FailoverLab.Restoration;

/// <summary>Undoes what earlier runs left, from their journals and from what their hosts know themselves.</summary>
/// <param name="state">The state folder.</param>
/// <param name="shells">Ways to the hosts.</param>
/// <param name="undoers">Who undoes what no shell can.</param>
/// <param name="time">Timers.</param>
public sealed class LabRecovery(StateFolder state, IShellSource shells, IReadOnlyList<IUndoer> undoers, TimeProvider time)
{
    /// <summary>A process that was killed a moment ago, and what it was about to start, hold its files until the kernel is done with them.</summary>
    private const int Tries = 40;
    private static readonly TimeSpan _betweenTries = TimeSpan.FromMilliseconds(50);

    /// <summary>Shows what the journals say; asks no host and changes nothing.</summary>
    public RecoveryReport List()
    {
        var hosts = new List<RecoveredHost>();
        var faults = new List<string>();
        foreach (var path in state.Journals())
        {
            try
            {
                var content = JournalContent.Read(path);
                var ledger = new ChangeLedger();
                content.Records.ToList().ForEach(ledger.Apply);
                faults.AddRange(content.Damage.Select(d => $"{path}: {d}"));
                hosts.AddRange(ledger.IsClosed ? [] : HostsOf(ledger).Select(h => Listed(ledger, h)));
            }
            catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
            {
                faults.Add($"{path}: {refusal.Message}");
            }
        }

        return new RecoveryReport { Hosts = hosts, Faults = faults };
    }

    /// <summary>Undoes what every journal left, and proves it. Journals of which nothing is left are taken away.</summary>
    /// <param name="cancellationToken">Gives up between hosts.</param>
    public async Task<RecoveryReport> RunAsync(CancellationToken cancellationToken)
    {
        var hosts = new List<RecoveredHost>();
        var faults = new List<string>();
        foreach (var path in state.Journals())
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var (journal, content) = await ResumeAsync(path, cancellationToken);
                using (journal)
                {
                    var damage = content.Damage.Select(d => $"{path}: {d}; see to its hosts by hand, then delete the file").ToList();
                    var done = journal.Ledger.IsClosed
                        ? []
                        : await Task.WhenAll(HostsOf(journal.Ledger).Select(h => new HostRecovery(journal, h, shells, undoers, time).RunAsync(cancellationToken)));
                    faults.AddRange(damage);
                    hosts.AddRange(done);
                    if (damage.Count == 0 && done.All(h => h.Restored))
                    {
                        journal.Close();
                    }
                }
            }
            catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
            {
                faults.Add($"{path} is in use by a run at work or by another recovery, or cannot be read: {refusal.Message}");
            }
        }

        return new RecoveryReport { Hosts = hosts, Faults = faults };
    }

    private async Task<(RestorationJournal Journal, JournalContent Content)> ResumeAsync(string path, CancellationToken cancellationToken)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                return RestorationJournal.Resume(path, time);
            }
            catch (IOException) when (left > 0)
            {
                await Task.Delay(_betweenTries, time, cancellationToken);
            }
        }
    }

    private static List<string> HostsOf(ChangeLedger ledger) =>
        [.. ledger.Hosts.Keys.Concat(ledger.Changes.Select(c => c.Intent.Host)).Distinct().Order(StringComparer.Ordinal)];

    private static RecoveredHost Listed(ChangeLedger ledger, string host)
    {
        var changes = ledger.Changes.Where(c => c.Intent.Host == host).Reverse().ToList();
        var left = new HostRestoration(host, changes, Fault: null);
        return new RecoveredHost(
            ledger.Lab, ledger.Run, host, "not asked", [.. changes.Select(RecoveredChange.Of)], Fault: null, changes.All(c => !c.IsLeft), [.. LeftText.Of(left)]);
    }
}

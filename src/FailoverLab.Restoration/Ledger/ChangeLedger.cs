using System.Collections.Immutable;

namespace FailoverLab.Restoration;

/// <summary>What the records of a journal say, taken one after another. Pure: no time, no file. One writer; readers of any thread see whole records.</summary>
public sealed class ChangeLedger
{
    private volatile ImmutableSortedDictionary<int, ChangeState> _changes = ImmutableSortedDictionary<int, ChangeState>.Empty;
    private volatile ImmutableSortedDictionary<string, HostReach> _hosts = ImmutableSortedDictionary<string, HostReach>.Empty;

    /// <summary>The run's id; empty before its first record.</summary>
    public string Run { get; private set; } = "";

    /// <summary>The lab's name.</summary>
    public string Lab { get; private set; } = "";

    /// <summary>Absolute path of the hosts file in force; empty when there was none.</summary>
    public string HostsFile { get; private set; } = "";

    /// <summary>Whether the run said that nothing is left.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Hosts that were armed, and how they are reached.</summary>
    public IReadOnlyDictionary<string, HostReach> Hosts => _hosts;

    /// <summary>Every change, oldest first.</summary>
    public IEnumerable<ChangeState> Changes => _changes.Values;

    /// <summary>What must still be undone, newest first.</summary>
    public IReadOnlyList<ChangeState> Left => [.. _changes.Values.Where(c => c.IsLeft).Reverse()];

    /// <summary>One change.</summary>
    public ChangeState this[int id] => _changes[id];

    /// <summary>The change of a target, if there is one.</summary>
    public ChangeState? Find(string host, string kind, string target) =>
        _changes.Values.FirstOrDefault(c => c.Intent.Host == host && c.Intent.Kind == kind && c.Intent.Target == target);

    /// <summary>Takes the next record; one about a change that is not known says nothing.</summary>
    public void Apply(JournalRecord record)
    {
        switch (record)
        {
            case { Kind: JournalRecordKind.Opened }:
                (Run, Lab, HostsFile) = (record.Run ?? "", record.Lab ?? "", record.HostsFile ?? "");
                break;
            case { Kind: JournalRecordKind.Closed }:
                IsClosed = true;
                break;
            case { Kind: JournalRecordKind.Host, Host: { } host, Reach: { } reach }:
                _hosts = _hosts.SetItem(host, reach);
                break;
            case { Kind: JournalRecordKind.Intent, Change: { } id, Intent: { } intent }:
                _changes = _changes.SetItem(id, new ChangeState(id, intent, record.State ?? "") { IsActing = true });
                break;
            case { Change: { } id } when _changes.TryGetValue(id, out var change):
                _changes = _changes.SetItem(id, Next(change, record));
                break;
        }
    }

    private static ChangeState Next(ChangeState change, JournalRecord record) => record.Kind switch
    {
        JournalRecordKind.Again => change with { IsActing = true, Outcome = UndoOutcome.Pending },
        JournalRecordKind.Done => change with { IsActing = false, After = record.State },
        JournalRecordKind.Restored => Ended(change, UndoOutcome.Restored, record) with { IsActing = false },
        JournalRecordKind.Foreign => Ended(change, UndoOutcome.Foreign, record),
        // An undo that ran leaves a state of our own making.
        JournalRecordKind.Failed => Ended(change, UndoOutcome.Failed, record) with { IsActing = true },
        JournalRecordKind.Unreachable => change with { Words = record.Words ?? "" },
        _ => change,
    };

    private static ChangeState Ended(ChangeState change, UndoOutcome outcome, JournalRecord record) =>
        change with { Outcome = outcome, Now = record.State, Words = record.Words ?? "" };
}

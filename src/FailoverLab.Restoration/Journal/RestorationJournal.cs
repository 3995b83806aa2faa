using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>
/// The journal of what a run changes: one file in the run directory, and the same records in the lab's state folder, where <c>recover</c> finds them
/// without being told of a run. Thread-safe.
/// </summary>
public sealed class RestorationJournal : IDisposable
{
    /// <summary>The file's name in a run directory.</summary>
    public const string FileName = "restoration.ndjson";

    private readonly Lock _gate = new();
    private readonly IReadOnlyList<JournalFile> _files;
    private readonly TimeProvider _time;
    private long _next;
    private int _lastChange;

    private RestorationJournal(IReadOnlyList<JournalFile> files, JournalContent content, TimeProvider time)
    {
        _files = files;
        _time = time;
        _next = content.NextSeq;
        foreach (var record in content.Records)
        {
            Ledger.Apply(record);
            _lastChange = Math.Max(_lastChange, record.Change ?? 0);
        }
    }

    /// <summary>What the records say.</summary>
    public ChangeLedger Ledger { get; } = new();

    /// <summary>Why a record that announces nothing could not be kept, or <see langword="null"/>.</summary>
    public string? Fault { get; private set; }

    /// <summary>Begins the journal of a run.</summary>
    /// <param name="runDirectory">Absolute path of the run directory.</param>
    /// <param name="state">The state folder.</param>
    /// <param name="lab">The lab's name.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="hostsFile">Absolute path of the hosts file; empty when there is none.</param>
    /// <param name="time">Wall clock of the records.</param>
    /// <exception cref="StepHostException">One of the two cannot be written; nothing may be changed then.</exception>
    public static RestorationJournal Begin(string runDirectory, StateFolder state, string lab, string run, string hostsFile, TimeProvider time) =>
        Begin(runDirectory, state, lab, run, hostsFile, time, path => new JournalFile(path, isAlone: false));

    /// <summary>The same with files of one's own.</summary>
    internal static RestorationJournal Begin(string runDirectory, StateFolder state, string lab, string run, string hostsFile, TimeProvider time, Func<string, JournalFile> open)
    {
        var opened = new List<JournalFile>();
        try
        {
            foreach (var path in (string[])[state.JournalOf(lab, run), System.IO.Path.Combine(runDirectory, FileName)])
            {
                opened.Add(open(path));
            }

            var journal = new RestorationJournal(opened, new JournalContent([], [], EndsTorn: false), time);
            journal.Announce(new JournalRecord { Kind = JournalRecordKind.Opened, Run = run, Lab = lab, Directory = runDirectory, HostsFile = hostsFile });
            return journal;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            opened.ForEach(f => f.Dispose());
            throw new StepHostException($"the journal of changes cannot be written: {refusal.Message}; nothing was changed", refusal);
        }
    }

    /// <summary>Goes on with a journal that somebody left.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">Wall clock of the records.</param>
    /// <returns>The journal, and what its file had lost.</returns>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Not allowed to.</exception>
    public static (RestorationJournal Journal, JournalContent Content) Resume(string path, TimeProvider time)
    {
        // Held before it is read: nothing is added between the two.
        var file = new JournalFile(path, isAlone: true);
        try
        {
            var content = JournalContent.Parse(file.ReadAll());
            return (new RestorationJournal([file], content, time), content);
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A number for a new change.</summary>
    public int NextChange() => Interlocked.Increment(ref _lastChange);

    /// <summary>Writes a record that announces an act; the act may follow once this has returned.</summary>
    /// <param name="record">Its number and time are filled in here.</param>
    /// <exception cref="StepHostException">It could not be put on the disk: the act must not be performed.</exception>
    public void Announce(JournalRecord record)
    {
        lock (_gate)
        {
            try
            {
                Write(record);
            }
            catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                throw new StepHostException($"the journal of changes cannot be written ({refusal.Message}); the change was not made", refusal);
            }
        }
    }

    /// <summary>Writes a record of something that has happened; undoing goes on even when the disk is full.</summary>
    /// <param name="record">Its number and time are filled in here.</param>
    public void Note(JournalRecord record)
    {
        lock (_gate)
        {
            try
            {
                Write(record);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Fault ??= failure.Message;
                Ledger.Apply(record);
            }
        }
    }

    /// <summary>Ends the journal after everything was put back: the copy in the state folder goes, the run directory's stays.</summary>
    public void Close()
    {
        Note(new JournalRecord { Kind = JournalRecordKind.Closed });
        Dispose();
        try
        {
            File.Delete(_files[0].Path);
        }
        catch (IOException failure)
        {
            // Closed is its last record: whoever finds it knows that nothing is left.
            Fault ??= failure.Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }

    private void Write(JournalRecord record)
    {
        var numbered = record with { Seq = _next, AtNs = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100 };
        var asked = new List<JournalFile>();
        try
        {
            foreach (var file in _files)
            {
                asked.Add(file);
                file.Append(numbered);
            }
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // In one file and not in the other it would stand twice under one number, and that reads as damage. Where it cannot be taken away its number is spent.
            _next += asked.Select(f => f.TakeBack()).ToList().All(b => b) ? 0 : 1;
            throw;
        }

        _next++;
        Ledger.Apply(numbered);
    }
}

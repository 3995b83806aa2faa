using System.Globalization;
using System.Text;
using FailoverLab.Hosts;
using FailoverLab.Primitives;

namespace FailoverLab.Restoration.Tests;

/// <summary>
/// One run on one virtual host, its journal as bytes, and whatever a seed lets go wrong: the runner dies at any step or any byte of its journal, its channel
/// falls silent, the guard dies, undos fail, humans meddle, two recoveries come one after another and may die too.
/// </summary>
internal sealed class RestorationTimeline(ulong seed)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    private readonly SeededRandom _random = new(seed);
    private readonly PriorityQueue<(IEnumerator<TimeSpan> Actor, object Name), (TimeSpan, int)> _queue = new();
    private readonly List<byte> _journal = [];
    private readonly HashSet<object> _dead = [];
    private readonly Dictionary<object, TimeSpan> _frozen = [];
    private readonly StringBuilder _story = new();
    private VirtualGuardedHost _host = null!;
    private int _order;
    private bool _isChannelCut;

    public string Story => _story.ToString();

    public VirtualGuardedHost Host => _host;

    /// <summary>How each change stands by the last recovery's word.</summary>
    public IReadOnlyDictionary<int, UndoOutcome> Reported { get; private set; } = new Dictionary<int, UndoOutcome>();

    public void Play()
    {
        _host = new VirtualGuardedHost(_random.Split("host"));
        for (var id = 1; id <= 3; id++)
        {
            _host.States[id] = "before";
        }

        _host.LeaseEnd = Lease;
        Add("guard", _host.Guard("guard"));
        Add("runner", Runner());
        Add("keeper", Keeper());
        Add("fate", Fate());
        RunUntil(TimeSpan.FromSeconds(30));
        // Whatever happened, somebody calls `recover`; the first time it may die over it.
        _isChannelCut = false;
        Add("recover-1", Recover("recover-1"));
        if (_random.Next(2) == 0)
        {
            Add("fate-2", Kill("recover-1", _random.Next(60)));
        }

        RunUntil(TimeSpan.FromSeconds(60));
        Add("recover-2", Recover("recover-2"));
        RunUntil(TimeSpan.FromSeconds(90));
    }

    private IEnumerable<TimeSpan> Runner()
    {
        var ledger = new ChangeLedger();
        var seq = 0L;
        for (var n = 0; n < 6; n++)
        {
            var id = 1 + _random.Next(3);
            yield return Some(80);
            foreach (var pause in Wait("runner"))
            {
                yield return pause;
            }

            if (_isChannelCut || !_host.IsArmed)
            {
                break;
            }

            var isNew = !_host.Entries.TryGetValue(id, out var entry);
            if (isNew && _host.States[id] != "before")
            {
                // Not the state of the snapshot: it is not touched.
                continue;
            }

            if (entry is not null && !entry.IsActing && _host.States[id] != "before" && _host.States[id] != entry.After)
            {
                continue;
            }

            entry ??= _host.Entries[id] = new VirtualEntry { FailuresLeft = _random.Next(3) == 0 ? _random.Next(15) : 0 };
            entry.IsActing = true;
            entry.Result = UndoOutcome.Pending;
            yield return Some(10);
            Append(ledger, ref seq, isNew
                ? new JournalRecord { Kind = JournalRecordKind.Intent, Host = "h", Change = id, Intent = Intent(id), State = "before" }
                : new JournalRecord { Kind = JournalRecordKind.Again, Host = "h", Change = id });
            yield return Some(300);
            foreach (var pause in Wait("runner"))
            {
                yield return pause;
            }

            if (_isChannelCut || !_host.IsArmed)
            {
                break;
            }

            _host.Overwrite(id, string.Create(CultureInfo.InvariantCulture, $"run{id}.{n}"));
            yield return Some(20);
            foreach (var pause in Wait("runner"))
            {
                yield return pause;
            }

            if (_isChannelCut)
            {
                break;
            }

            entry.After = _host.States[id];
            entry.IsActing = false;
            Append(ledger, ref seq, new JournalRecord { Kind = JournalRecordKind.Done, Host = "h", Change = id, State = entry.After });
        }

        foreach (var pause in Undo("runner", ledger, seq))
        {
            yield return pause;
        }

        // Whatever came of it, a run that is over renews nothing.
        Die("keeper");
    }

    private IEnumerable<TimeSpan> Keeper()
    {
        var keeper = new LeaseKeeper(Lease, TimeSpan.Zero);
        while (!keeper.IsLost && _host.State != "disarmed" && !_dead.Contains("runner"))
        {
            var wait = keeper.NextAt - _host.Now;
            yield return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
            foreach (var pause in Wait("keeper"))
            {
                yield return pause;
            }

            if (_isChannelCut)
            {
                keeper.OnSilence(_host.Now);
            }
            else if (!_host.IsArmed)
            {
                keeper.OnOver();
            }
            else
            {
                _host.LeaseEnd = _host.Now + Lease;
                keeper.OnRenewed(_host.Now, !_host.IsGuardAlive);
                if (!_host.IsGuardAlive)
                {
                    _host.IsGuardAlive = true;
                    _dead.Remove("guard");
                    var guard = new object();
                    Add(guard, _host.Guard(guard));
                }
            }
        }
    }

    /// <summary>What goes wrong, and when.</summary>
    private IEnumerable<TimeSpan> Fate()
    {
        var faults = 1 + _random.Next(3);
        for (var n = 0; n < faults; n++)
        {
            yield return Some(900);
            var fault = _random.Next(5);
            Tell($"fate {fault}");
            switch (fault)
            {
                case 0:
                    Die("runner");
                    Die("keeper");
                    Tear();
                    break;
                case 1:
                    _isChannelCut = true;
                    break;
                case 2:
                    Die("guard");
                    _host.IsGuardAlive = false;
                    break;
                case 3:
                    Meddle(1 + _random.Next(3), n);
                    break;
                default:
                    Freeze("runner", Some(2_500));
                    break;
            }
        }
    }

    private IEnumerable<TimeSpan> Kill(object victim, int afterMs)
    {
        yield return TimeSpan.FromMilliseconds(afterMs);
        Die(victim);
    }

    private IEnumerable<TimeSpan> Recover(string me)
    {
        var content = JournalContent.Parse([.. _journal]);
        var ledger = new ChangeLedger();
        foreach (var record in content.Records)
        {
            ledger.Apply(record);
        }

        while (_host.IsArmed)
        {
            yield return TimeSpan.FromMilliseconds(250);
        }

        foreach (var pause in Undo(me, ledger, content.NextSeq - 1))
        {
            yield return pause;
        }

        Reported = ledger.Changes.ToDictionary(c => c.Id, c => c.Outcome);
    }

    /// <summary>What the runner and a recovery share: the plan, the host's own undo, the journal.</summary>
    private IEnumerable<TimeSpan> Undo(string me, ChangeLedger ledger, long seq)
    {
        var plan = new RestorationPlan(ledger.Left.Select(c => c.Id));
        while (plan.Next is { Kind: RestorationStepKind.Undo } step)
        {
            if (step.DueAt > _host.Now)
            {
                yield return step.DueAt - _host.Now;
            }

            foreach (var pause in Wait(me))
            {
                yield return pause;
            }

            if (_isChannelCut)
            {
                plan.OnResult(UndoOutcome.Unreachable, _host.Now);
                continue;
            }

            _host.Holder = me;
            foreach (var pause in _host.UndoOne(step.Change))
            {
                yield return pause;
            }

            _host.Holder = null;
            var outcome = _host.Entries[step.Change].Result;
            yield return Some(5);
            Append(ledger, ref seq, new JournalRecord
            {
                Kind = outcome switch { UndoOutcome.Restored => JournalRecordKind.Restored, UndoOutcome.Foreign => JournalRecordKind.Foreign, _ => JournalRecordKind.Failed },
                Host = "h",
                Change = step.Change,
                State = _host.States[step.Change],
            });
            plan.OnResult(outcome, _host.Now);
        }

        if (plan.Next.Kind == RestorationStepKind.Disarm && !_isChannelCut)
        {
            Die("guard");
            _host.State = "disarmed";
        }
    }

    /// <summary>Waits for the mutex; the dead have let go of it.</summary>
    private IEnumerable<TimeSpan> Wait(object me)
    {
        while (_host.Holder is { } holder && holder != me)
        {
            if (_dead.Contains(holder))
            {
                _host.Holder = null;
                break;
            }

            yield return TimeSpan.FromMilliseconds(2);
        }
    }

    /// <summary>Somebody else changes what the run changes. Where nothing of ours is under way at that moment, that must never be overwritten.</summary>
    private void Meddle(int id, int n)
    {
        var value = string.Create(CultureInfo.InvariantCulture, $"human{id}.{n}");
        _host.States[id] = value;
        if (_host.Holder is null && !(_host.Entries.TryGetValue(id, out var entry) && entry.IsActing))
        {
            _host.Protected.Add(value);
        }
    }

    /// <summary>The runner died in the middle of a line, of which nothing was acted on yet.</summary>
    private void Tear()
    {
        var line = Encoding.UTF8.GetBytes(JournalLine.Write(new JournalRecord { Seq = 99, Kind = JournalRecordKind.Intent, Host = "h", Change = 9, Intent = Intent(9), State = "before" }));
        _journal.AddRange(line.Take(_random.Next(line.Length)));
    }

    /// <summary>A record goes to the disk; after a torn line it begins a new one.</summary>
    private void Append(ChangeLedger ledger, ref long seq, JournalRecord record)
    {
        var numbered = record with { Seq = ++seq };
        var torn = _journal.Count > 0 && _journal[^1] != (byte)'\n' ? "\n" : "";
        var line = Encoding.UTF8.GetBytes(torn + JournalLine.Write(numbered) + "\n");
        _journal.AddRange(line);
        ledger.Apply(numbered);
    }

    private static ChangeIntent Intent(int id) => new()
    {
        Host = "h",
        Kind = "shell",
        Target = id.ToString(CultureInfo.InvariantCulture),
        Undo = [new ShellCommand("undo", id.ToString(CultureInfo.InvariantCulture))],
        Checks = [],
    };

    private void Add(object name, IEnumerable<TimeSpan> actor) => _queue.Enqueue((actor.GetEnumerator(), name), (_host.Now, _order++));

    private void Die(object name)
    {
        _dead.Add(name);
        if (Equals(_host.Holder, name))
        {
            _host.Holder = null;
        }
    }

    private void Freeze(object name, TimeSpan length)
    {
        _frozen[name] = _host.Now + length;
        _frozen["keeper"] = _host.Now + length;
    }

    private void RunUntil(TimeSpan end)
    {
        while (_queue.TryPeek(out var next, out var due) && due.Item1 < end)
        {
            _queue.Dequeue();
            if (_dead.Contains(next.Name))
            {
                continue;
            }

            if (_frozen.TryGetValue(next.Name, out var until) && until > due.Item1 && !Equals(_host.Holder, next.Name))
            {
                _queue.Enqueue(next, (until, _order++));
                continue;
            }

            _host.Now = due.Item1;
            if (next.Actor.MoveNext())
            {
                _queue.Enqueue(next, (_host.Now + next.Actor.Current, _order++));
            }
        }

        _host.Now = end;
    }

    private TimeSpan Some(int maxMs) => TimeSpan.FromMilliseconds(_random.Next(maxMs + 1));

    private void Tell(string what) => _story.Append(CultureInfo.InvariantCulture, $"{_host.Now.TotalMilliseconds:F0} {what}; ");
}

using FailoverLab.Primitives;

namespace FailoverLab.Restoration.Tests;

/// <summary>
/// A host and its <c>guard.sh</c> in virtual time: the same decisions, each step of an undo apart, so that anybody may die between two of them. Values
/// tell whose they are: <c>before</c>, <c>run…</c>, <c>human…</c>, <c>half…</c> (an undo cut short).
/// </summary>
internal sealed class VirtualGuardedHost(SeededRandom random)
{
    public Dictionary<int, string> States { get; } = [];

    public Dictionary<int, VirtualEntry> Entries { get; } = [];

    public List<string> Violations { get; } = [];

    public TimeSpan Now { get; set; }

    public TimeSpan LeaseEnd { get; set; } = TimeSpan.MaxValue;

    public string State { get; set; } = "armed";

    public bool IsGuardAlive { get; set; } = true;

    public bool WasPutBackByGuard { get; private set; }

    /// <summary>Who holds the mutex; nobody when null.</summary>
    public object? Holder { get; set; }

    public bool IsArmed => State == "armed" && Now < LeaseEnd;

    /// <summary>Values of others that were set while nothing of ours was under way.</summary>
    public HashSet<string> Protected { get; } = [];

    /// <summary>Something of ours sets a value.</summary>
    public void Overwrite(int id, string value)
    {
        if (Protected.Contains(States[id]))
        {
            Violations.Add($"change {id}: {States[id]} was overwritten by {value}");
        }

        States[id] = value;
    }

    /// <summary>Undoes one change, one yield for each point at which its process may die. The caller holds the mutex.</summary>
    public IEnumerable<TimeSpan> UndoOne(int id)
    {
        var entry = Entries[id];
        if (entry.Result == UndoOutcome.Restored)
        {
            yield break;
        }

        var now = States[id];
        yield return Soon();
        if (now != "before" && !entry.IsActing && now != entry.After)
        {
            entry.Result = UndoOutcome.Foreign;
            yield break;
        }

        if (now != "before")
        {
            entry.IsActing = true;
            yield return Soon();
            entry.Undos++;
            Overwrite(id, "half" + id);
            yield return Soon();
            if (entry.FailuresLeft > 0)
            {
                entry.FailuresLeft--;
                entry.Result = UndoOutcome.Failed;
                yield break;
            }

            Overwrite(id, "before");
            yield return Soon();
        }

        entry.Result = States[id] == "before" ? UndoOutcome.Restored : UndoOutcome.Failed;
        if (entry.Result == UndoOutcome.Restored)
        {
            entry.Restorations++;
        }
    }

    /// <summary>The guard's loop.</summary>
    public IEnumerable<TimeSpan> Guard(object me)
    {
        for (var tries = 0; tries < 8 && State is not ("disarmed" or "restored");)
        {
            if (Now < LeaseEnd || Holder is not null)
            {
                yield return TimeSpan.FromMilliseconds(50 + random.Next(50));
                continue;
            }

            Holder = me;
            State = "undoing";
            foreach (var id in Entries.Keys.OrderDescending().ToList())
            {
                foreach (var pause in UndoOne(id))
                {
                    yield return pause;
                }
            }

            Holder = null;
            if (Entries.Values.All(e => e.Result == UndoOutcome.Restored))
            {
                State = "restored";
                WasPutBackByGuard = Entries.Count > 0;
                yield break;
            }

            tries++;
            yield return TimeSpan.FromMilliseconds(100 << (tries - 1));
        }

        State = State is "disarmed" or "restored" ? State : "left";
    }

    private TimeSpan Soon() => TimeSpan.FromMilliseconds(random.Next(8));
}

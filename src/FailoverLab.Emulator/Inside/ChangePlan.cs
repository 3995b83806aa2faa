namespace FailoverLab.Emulator;

/// <summary>Changes by the instant they take effect; those of one instant in the order they were planned.</summary>
internal sealed class ChangePlan
{
    private readonly List<(long AtNs, Func<LinkImpairments, LinkImpairments> Change)> _changes = [];

    internal long NextNs { get; private set; } = long.MaxValue;

    internal void Add(long atNs, Func<LinkImpairments, LinkImpairments> change)
    {
        var place = _changes.FindIndex(c => c.AtNs > atNs);
        _changes.Insert(place < 0 ? _changes.Count : place, (atNs, change));
        NextNs = _changes[0].AtNs;
    }

    internal (long AtNs, Func<LinkImpairments, LinkImpairments> Change) Take()
    {
        var first = _changes[0];
        _changes.RemoveAt(0);
        NextNs = _changes.Count > 0 ? _changes[0].AtNs : long.MaxValue;
        return first;
    }
}

namespace FailoverLab.Tunnel;

/// <summary>How many datagrams were refused, by reason. One writer.</summary>
public sealed class RefusalCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<RefusalReason>().Length];

    /// <summary>All refusals together.</summary>
    public long Total => _counts.Sum();

    /// <summary>Datagrams refused for <paramref name="reason"/>.</summary>
    public long this[RefusalReason reason] => _counts[(int)reason];

    internal void Add(RefusalReason reason) => _counts[(int)reason]++;

    /// <summary>The reasons that occurred, for the log: <c>replayed=3 badTag=1</c>; empty when nothing was refused.</summary>
    public override string ToString() =>
        string.Join(' ', Enum.GetValues<RefusalReason>().Where(r => this[r] > 0).Select(r => $"{char.ToLowerInvariant(r.ToString()[0])}{r.ToString()[1..]}={this[r]}"));
}

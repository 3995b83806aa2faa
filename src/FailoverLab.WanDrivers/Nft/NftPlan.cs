using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>What changes a link of the driver <c>nft</c>. Pure.</summary>
/// <param name="Asked">The whole state of each interface touched, as it shall be.</param>
/// <param name="Rules">Lines of one nft transaction; empty when no rule changes.</param>
/// <param name="Others">Commands of <c>tc</c> and <c>ip</c>, in order.</param>
internal sealed record NftPlan(IReadOnlyList<(string Device, LinkChange State)> Asked, IReadOnlyList<string> Rules, IReadOnlyList<ShellCommand> Others)
{
    /// <summary>The same as files that one process each reads: nft, then tc, then ip, as far as there is something for them.</summary>
    public IReadOnlyList<ActBatch> Batches =>
    [
        .. Rules.Count > 0 ? [new ActBatch("nft", "-f", Text(Rules))] : (ActBatch[])[],
        .. Others.GroupBy(c => c.Arguments[0]).OrderByDescending(g => g.Key, StringComparer.Ordinal)
            .Select(g => new ActBatch(g.Key, "-batch", Text([.. g.Select(c => string.Join(' ', c.Arguments.Skip(1)))]))),
    ];

    /// <summary>Lines as one text.</summary>
    public static string Text(IReadOnlyList<string> lines) => string.Join('\n', lines) + "\n";
}

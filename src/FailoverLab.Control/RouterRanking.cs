namespace FailoverLab.Control;

/// <summary>
/// The routers whose reports count, best first. Made once a change rather than once a decision: 5,000 decisions a second share it, and what is
/// made of it. Never changes.
/// </summary>
public sealed class RouterRanking
{
    private readonly Dictionary<string, RouterStanding> _byId;

    internal RouterRanking(IReadOnlyList<RouterStanding> valid, double threshold, long validUntil)
    {
        Valid = valid;
        ValidUntil = validUntil;
        _byId = valid.ToDictionary(s => s.Report.RouterId, StringComparer.Ordinal);

        // Differences below the threshold are noise: the same router for every endpoint, whoever reported first.
        First = valid.Count == 0 ? null : valid.Where(s => valid[0].Score - s.Score < threshold).MinBy(s => s.Report.RouterId, StringComparer.Ordinal);
    }

    /// <summary>Routers that count, best first; equals by id.</summary>
    public IReadOnlyList<RouterStanding> Valid { get; }

    /// <summary>The router of an endpoint that has none yet; <see langword="null"/> when no router counts.</summary>
    public RouterStanding? First { get; }

    /// <summary>Timestamp after which one of them has gone stale.</summary>
    internal long ValidUntil { get; }

    /// <summary>A router that counts; <see langword="null"/> when it does not.</summary>
    public RouterStanding? Find(string? routerId) => routerId is null ? null : _byId.GetValueOrDefault(routerId);

    /// <summary>The best router that is not this one; <see langword="null"/> when there is no other.</summary>
    public RouterStanding? Backup(RouterStanding primary) => Valid.Count < 2 ? null : Valid[ReferenceEquals(Valid[0], primary) ? 1 : 0];
}

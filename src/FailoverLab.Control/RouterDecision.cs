namespace FailoverLab.Control;

/// <summary>Which routers an endpoint is to use.</summary>
/// <param name="Primary">The one to use.</param>
/// <param name="Backup">The next best; <see langword="null"/> when only one is left.</param>
/// <param name="PreviousPrimary">The one before, when this decision changed it.</param>
/// <param name="Ranking">All routers that count.</param>
public sealed record RouterDecision(RouterStanding Primary, RouterStanding? Backup, RouterStanding? PreviousPrimary, RouterRanking Ranking)
{
    /// <summary>All routers that count, best first.</summary>
    public IReadOnlyList<RouterStanding> Valid => Ranking.Valid;
}

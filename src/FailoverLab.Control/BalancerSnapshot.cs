namespace FailoverLab.Control;

/// <summary>
/// What the balancer keeps over a restart, or what of it changed since it was last asked. Times are the wall clock's, so that a hold and a
/// report's age go on while the program is away.
/// </summary>
/// <param name="Reports">Routers' last reports, one a router.</param>
/// <param name="Choices">Decisions, one an endpoint.</param>
/// <param name="ForgottenRouters">Routers no longer remembered; empty in a whole snapshot.</param>
/// <param name="ForgottenEndpoints">Endpoints no longer remembered; empty in a whole snapshot.</param>
public sealed record BalancerSnapshot(
    IReadOnlyList<TimedReport> Reports, IReadOnlyList<RouterChoice> Choices, IReadOnlyList<string> ForgottenRouters, IReadOnlyList<string> ForgottenEndpoints)
{
    /// <summary>Nothing.</summary>
    public static BalancerSnapshot Empty { get; } = new([], [], [], []);

    /// <summary>Hosts of the site that registered, one a kind.</summary>
    public IReadOnlyList<SiteHost> Hosts { get; init; } = [];

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Hosts.Count + Reports.Count + Choices.Count + ForgottenRouters.Count + ForgottenEndpoints.Count == 0;
}

namespace FailoverLab.Tunnel;

/// <summary>One tunnel as the choice sees it.</summary>
/// <param name="Router">Index of the router, 0 = most preferred in the configuration.</param>
/// <param name="Path">Index of the path, 0 = most preferred.</param>
/// <param name="Health">Its health.</param>
/// <param name="AliveSinceNs">Since when it has been alive without a break.</param>
/// <param name="Reason">Why it is not alive.</param>
/// <param name="Penalty">How bad a degraded tunnel is: the largest of its measures over their limits.</param>
public readonly record struct TunnelCandidate(int Router, int Path, PathHealth Health, long AliveSinceNs, string Reason, double Penalty);

namespace FailoverLab.Control;

/// <summary>A router as the balancer sees it now.</summary>
/// <param name="Report">What it said last.</param>
/// <param name="Score">Its score.</param>
/// <param name="Age">How long ago it said so.</param>
/// <param name="IsValid">Whether that is recent enough to count.</param>
public sealed record RouterStanding(RouterReport Report, double Score, TimeSpan Age, bool IsValid);

namespace FailoverLab.Control;

/// <summary>A report and when it came.</summary>
/// <param name="Report">What the router said.</param>
/// <param name="At">When, wall clock.</param>
public sealed record TimedReport(RouterReport Report, DateTimeOffset At);

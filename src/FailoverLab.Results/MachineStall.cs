namespace FailoverLab.Results;

/// <summary>A time during which the machine that held the whole lab did not run what was due.</summary>
/// <param name="AtNs">Its begin, ns since the Unix epoch.</param>
/// <param name="DurationNs">Its length, ns.</param>
/// <param name="Urgent">Whether even a thread of highest priority waited, so that the machine itself stood still; else it may only have been busy.</param>
public sealed record MachineStall(long AtNs, long DurationNs, bool Urgent);

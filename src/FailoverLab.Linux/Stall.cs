namespace FailoverLab.Linux;

/// <summary>A time during which a thread that was due did not run.</summary>
/// <param name="AtNs">When it should have run, ns since the Unix epoch.</param>
/// <param name="DurationNs">How much later it ran, ns.</param>
/// <param name="IsUrgent">Whether it was one of highest priority, which waits for nobody: then the machine itself stood still.</param>
public readonly record struct Stall(long AtNs, long DurationNs, bool IsUrgent);

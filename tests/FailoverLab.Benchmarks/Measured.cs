namespace FailoverLab.Benchmarks;

/// <summary>What one run of a program took.</summary>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="AnonymousMiB">Most anonymous memory seen while it ran; sampled, so a short peak may be missed.</param>
internal readonly record struct Measured(double Seconds, double AnonymousMiB);

namespace FailoverLab.Benchmarks;

/// <summary>What one run of a program took.</summary>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="CpuSeconds">Processor time of all its threads, user and system; in steps of 10 ms.</param>
/// <param name="AnonymousMiB">Most anonymous memory seen while it ran; sampled, so a short peak may be missed.</param>
internal readonly record struct Measured(double Seconds, double CpuSeconds, double AnonymousMiB);

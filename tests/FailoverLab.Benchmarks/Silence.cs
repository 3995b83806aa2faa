namespace FailoverLab.Benchmarks;

/// <summary>The longest time without an arrival within a time looked at.</summary>
/// <param name="FromNs">The arrival before it, monotonic.</param>
/// <param name="ToNs">The arrival after it.</param>
/// <param name="Lost">Packets sent within the time looked at that never came.</param>
internal readonly record struct Silence(long FromNs, long ToNs, int Lost)
{
    private const long SendingIntervalNs = 1_000_000;

    /// <summary>Its length less one sending interval, ms.</summary>
    public double OutageMs => Math.Max(0, ToNs - FromNs - SendingIntervalNs) / 1e6;
}

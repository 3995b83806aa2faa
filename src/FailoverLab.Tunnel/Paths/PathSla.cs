using FailoverLab.Primitives;

namespace FailoverLab.Tunnel;

/// <summary>Limits beyond which a living path is degraded. It is clean again below 80 % of a time limit and half the loss limit.</summary>
/// <param name="Latency">Smoothed round-trip time.</param>
/// <param name="Jitter">RFC 3550 jitter, the larger of both directions.</param>
/// <param name="Loss">Loss over <paramref name="Window"/>, the larger of both directions.</param>
/// <param name="Window">Length of the sliding loss window.</param>
public sealed record PathSla(TimeSpan Latency, TimeSpan Jitter, Ratio Loss, TimeSpan Window)
{
    /// <summary>130 ms, 30 ms, 10 % over 500 ms.</summary>
    public static PathSla Default { get; } = new(TimeSpan.FromMilliseconds(130), TimeSpan.FromMilliseconds(30), new Ratio(0.1), TimeSpan.FromMilliseconds(500));
}

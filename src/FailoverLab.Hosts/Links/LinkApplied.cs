using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>What came of a change to a link.</summary>
/// <param name="AtRealtimeNs">An instant at which the change was in effect, CLOCK_REALTIME ns of the host that made it; the first one known.</param>
/// <param name="Words">What was read back, in words: <c>lan: delay 150ms, limit 2000 packets; wan: unchanged</c>.</param>
public sealed record LinkApplied(long AtRealtimeNs, string Words)
{
    /// <summary>The last instant, same clock, at which the change was known not to be in effect; <see langword="null"/> when unknown.</summary>
    public long? NotBeforeRealtimeNs { get; init; }

    /// <summary>What was read back towards the far end; <see langword="null"/> when that cannot be read or was not touched.</summary>
    public LinkChange? Up { get; init; }

    /// <summary>What was read back towards the site; <see langword="null"/> when that cannot be read or was not touched.</summary>
    public LinkChange? Down { get; init; }
}

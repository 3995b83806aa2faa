using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>A row of a <see cref="ConditionTrace"/>; a value that is <see langword="null"/> is that of the link.</summary>
public sealed record ConditionRow
{
    /// <summary>Since the beginning of the trace, ns.</summary>
    public required long AtNs { get; init; }

    /// <summary>In place of <see cref="LinkImpairments.Delay"/>.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>In place of <see cref="LinkImpairments.Jitter"/>.</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>In place of <see cref="LinkImpairments.JitterModel"/>.</summary>
    public JitterModel? JitterModel { get; init; }

    /// <summary>In place of <see cref="LinkImpairments.Loss"/>.</summary>
    public Ratio? Loss { get; init; }

    /// <summary>In place of <see cref="LinkImpairments.Duplicate"/>.</summary>
    public Ratio? Duplicate { get; init; }

    /// <summary>In place of <see cref="LinkImpairments.Rate"/>.</summary>
    public DataRate? Rate { get; init; }

    /// <summary>In place of <see cref="LinkImpairments.QueueLimitPackets"/>.</summary>
    public int? QueueLimitPackets { get; init; }
}

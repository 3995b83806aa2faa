using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>What a bottleneck does, as it holds for one packet.</summary>
internal readonly record struct BottleneckSettings(LinkImpairments Link, ConditionRow? Row)
{
    /// <summary>Bits a second; <see langword="null"/> is unlimited.</summary>
    internal DataRate? Rate => (Row?.Rate ?? Link.Rate) is { } rate && rate.BitsPerSecond != long.MaxValue ? rate : null;

    internal int? LimitPackets => Row?.QueueLimitPackets ?? Link.QueueLimitPackets;

    internal long LimitNs => Link.QueueLimit.Ticks > long.MaxValue / TimeSpan.NanosecondsPerTick ? long.MaxValue : Link.QueueLimit.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Bytes a frame counts.</summary>
    internal int Bytes(int frameBytes) => Math.Max(1, frameBytes + Link.RateOverheadBytes);
}

using System.Runtime.CompilerServices;

namespace FailoverLab.Packets;

/// <summary>What every packet of an interface needs, next to each other in memory.</summary>
/// <param name="clock">How its stamps count.</param>
/// <param name="linkType">What its frames start with.</param>
internal readonly struct PcapngInterface(PcapngClock clock, CaptureLinkType linkType)
{
    private readonly PcapngClock _clock = clock;
    private readonly long _nsPerTick = clock.NsPerTick;
    private readonly long _offsetNs = unchecked(clock.OffsetSeconds * 1_000_000_000);

    /// <summary>What frames start with.</summary>
    public CaptureLinkType LinkType { get; } = linkType;

    /// <summary>Turns ticks into ns since the Unix epoch; wraps where the result does not fit 63 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ToNs(ulong ticks) => _nsPerTick != 0 ? unchecked(((long)ticks * _nsPerTick) + _offsetNs) : _clock.ToNs(ticks);
}

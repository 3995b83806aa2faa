using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>How an interface's stamps become ns since the Unix epoch: ticks per second (<c>if_tsresol</c>) and <c>if_tsoffset</c>.</summary>
/// <param name="TicksPerSecond">At least 1.</param>
/// <param name="OffsetSeconds">Added to each stamp.</param>
internal readonly record struct PcapngClock(ulong TicksPerSecond, long OffsetSeconds)
{
    private const ulong NsPerSecond = 1_000_000_000;

    /// <summary>The format's default.</summary>
    public static PcapngClock Microseconds => new(1_000_000, 0);

    /// <summary>This clock as changed by one interface option; any other option changes nothing.</summary>
    public PcapngClock With(ushort code, ReadOnlySpan<byte> value, bool bigEndian) => (code, value.Length) switch
    {
        (9, 1) => this with { TicksPerSecond = ToTicksPerSecond(value[0]) },
        (14, 8) => this with { OffsetSeconds = bigEndian ? BinaryPrimitives.ReadInt64BigEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value) },
        _ => this,
    };

    /// <summary>Whole ns of one tick; 0 where a tick is not a whole number of ns.</summary>
    public long NsPerTick => NsPerSecond % TicksPerSecond == 0 ? (long)(NsPerSecond / TicksPerSecond) : 0;

    /// <summary>Turns ticks into ns since the Unix epoch; wraps where the result does not fit 63 bits.</summary>
    public long ToNs(ulong ticks)
    {
        var seconds = ticks / TicksPerSecond;
        var fraction = (UInt128)(ticks % TicksPerSecond) * NsPerSecond / TicksPerSecond;
        return unchecked((((long)seconds + OffsetSeconds) * (long)NsPerSecond) + (long)(ulong)fraction);
    }

    /// <summary>The resolution byte: a negative power of ten, or of two where the top bit is set; one that does not fit 64 bits counts as the default.</summary>
    private static ulong ToTicksPerSecond(byte resolution)
    {
        var exponent = resolution & 0x7F;
        if ((resolution & 0x80) != 0) return exponent < 64 ? 1UL << exponent : 1_000_000;
        if (exponent > 19) return 1_000_000;
        var ticks = 1UL;
        for (var i = 0; i < exponent; i++) ticks *= 10;
        return ticks;
    }
}

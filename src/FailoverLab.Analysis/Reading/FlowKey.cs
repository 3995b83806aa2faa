using System.Net;

namespace FailoverLab.Analysis;

/// <summary>Identifies a flow. Addresses are 128 bits; IPv4 stands as it does in ::ffff:0:0/96 (RFC 4291 section 2.5.5.2).</summary>
/// <param name="Kind">What the rest means.</param>
/// <param name="SourceHigh">Source address, first half.</param>
/// <param name="SourceLow">Source address, second half.</param>
/// <param name="DestinationHigh">Destination address, first half.</param>
/// <param name="DestinationLow">Destination address, second half.</param>
/// <param name="Number">Flow number; ports (source in the upper half); identifier; protocol; or type and tunnel.</param>
internal readonly record struct FlowKey(
    FlowKeyKind Kind, ulong SourceHigh, ulong SourceLow, ulong DestinationHigh, ulong DestinationLow, ulong Number)
{
    /// <summary>A probe flow.</summary>
    public FlowKey(uint flowId, bool echo = false)
        : this(echo ? FlowKeyKind.ProbeEcho : FlowKeyKind.Probe, 0, 0, 0, 0, flowId)
    {
    }

    /// <summary>Source port.</summary>
    public int SourcePort => (int)(Number >> 16) & 0xFFFF;

    /// <summary>Destination port.</summary>
    public int DestinationPort => (int)Number & 0xFFFF;

    /// <summary>Source address in its usual text; of no meaning for probes and signalling.</summary>
    public string Source => Address(SourceHigh, SourceLow);

    /// <summary>Destination address in its usual text; of no meaning for probes and signalling.</summary>
    public string Destination => Address(DestinationHigh, DestinationLow);

    /// <summary>The same conversation the other way.</summary>
    public FlowKey Reversed => this with
    {
        SourceHigh = DestinationHigh,
        SourceLow = DestinationLow,
        DestinationHigh = SourceHigh,
        DestinationLow = SourceLow,
        Number = Kind is FlowKeyKind.Udp or FlowKeyKind.Tcp ? ((Number & 0xFFFF) << 16) | (Number >> 16) : Number,
    };

    /// <summary>What a record calls the flow, unique among keys.</summary>
    public string Name => Kind switch
    {
        FlowKeyKind.Probe => $"flow-{Number}",
        FlowKeyKind.ProbeEcho => $"flow-{Number}/echo",
        FlowKeyKind.Signal => $"tunnel-{(uint)Number} type {Number >> 32} {Address(SourceHigh, SourceLow)}",
        FlowKeyKind.Udp => $"udp {End(SourceHigh, SourceLow, SourcePort)} > {End(DestinationHigh, DestinationLow, DestinationPort)}",
        FlowKeyKind.Tcp => $"tcp {End(SourceHigh, SourceLow, SourcePort)} > {End(DestinationHigh, DestinationLow, DestinationPort)}",
        FlowKeyKind.IcmpEcho => $"ping {Address(SourceHigh, SourceLow)} > {Address(DestinationHigh, DestinationLow)} id {Number}",
        _ => $"ip-{Number} {Address(SourceHigh, SourceLow)} > {Address(DestinationHigh, DestinationLow)}",
    };

    /// <summary>A hash good enough for a table addressed by its low bits.</summary>
    public int TableHash()
    {
        var h = (Number + ((ulong)Kind << 56)) * 0x9E3779B97F4A7C15;
        h = (h ^ (h >> 32) ^ SourceLow ^ (SourceHigh * 3)) * 0xC2B2AE3D27D4EB4F;
        h = (h ^ (h >> 29) ^ DestinationLow ^ (DestinationHigh * 5)) * 0x165667B19E3779F9;
        return (int)(h >> 33);
    }

    private static string End(ulong high, ulong low, int port)
    {
        var address = Address(high, low);
        return address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{port}" : $"{address}:{port}";
    }

    private static string Address(ulong high, ulong low)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        var address = new IPAddress(bytes);
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }
}

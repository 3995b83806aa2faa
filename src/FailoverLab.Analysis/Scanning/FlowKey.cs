using FailoverLab.Packets;

namespace FailoverLab.Analysis;

/// <summary>
/// Identifies a stream of numbered packets: a probe flow in one direction (echoed packets are the other direction), or one kind of
/// tunnel signalling from one sender.
/// </summary>
internal readonly record struct FlowKey(ulong Value)
{
    private const ulong SignalBit = 1UL << 63;
    private const ulong EchoBit = 1UL << 32;

    /// <summary>Whether this is tunnel signalling.</summary>
    public bool IsSignal => (Value & SignalBit) != 0;

    /// <summary>Whether this is the echoed direction of a probe flow.</summary>
    public bool IsEcho => !IsSignal && (Value & EchoBit) != 0;

    /// <summary>Flow number, or tunnel number of signalling.</summary>
    public uint Id => (uint)Value;

    /// <summary>The key of what a frame shows.</summary>
    public static FlowKey Of(in ProbeSighting sighting)
    {
        if (sighting.Probe is { } probe) return new FlowKey(probe.FlowId | ((probe.Flags & 1) != 0 ? EchoBit : 0));

        // Both ends number their packets from 0 in one tunnel, so the sender's address must tell them apart.
        var tunnel = sighting.Tunnel.GetValueOrDefault();
        var hash = 2166136261u;
        foreach (var b in sighting.OuterSource) hash = (hash ^ b) * 16777619u;
        return new FlowKey(SignalBit | ((ulong)tunnel.Type << 52) | ((ulong)(hash & 0xFFFFF) << 32) | tunnel.TunnelId);
    }
}

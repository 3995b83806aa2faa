namespace FailoverLab.Benchmarks;

/// <summary>What a generated capture holds: probe flows side by side, each losing one packet in a thousand and, three times, everything for 60 ms.</summary>
/// <param name="File">Where it is written.</param>
/// <param name="Packets">Packets sent over all flows; a little fewer are in the file.</param>
/// <param name="Flows">Probe flows, one packet of each in turn.</param>
/// <param name="FrameBytes">Bytes of a frame; not below 74.</param>
/// <param name="Pcapng">Whether it is a pcapng file; else nanosecond pcap.</param>
/// <param name="Seed">Equal seeds give equal files.</param>
public sealed record CaptureRecipe(string File, long Packets, int Flows, int FrameBytes, bool Pcapng, ulong Seed)
{
    /// <summary>Time between two packets of one flow, ns.</summary>
    public long IntervalNs => Math.Max(100_000, 12_500L * Flows);
}

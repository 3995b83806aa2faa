using FailoverLab.Emulator;

namespace FailoverLab.Wan;

/// <summary>What became of the packets of a WAN link so far.</summary>
/// <param name="Up">Lan side to wan side.</param>
/// <param name="Down">Wan side to lan side.</param>
/// <param name="RefusedByKernel">Packets that came out of the link but could not be handed on (interface down, queue full).</param>
/// <param name="Oversized">Frames longer than the interfaces' MTU that could not be cut, thrown away: an end has its offloads on.</param>
/// <param name="Missed">Packets the kernel dropped because the link did not read them in time. A measurement with any is void.</param>
/// <param name="LatenessP99Ns">99th percentile of handing on after the due time, in the worse direction, ns; <see langword="null"/> when nothing came out.</param>
/// <param name="LatenessMaxNs">Worst of it, ns.</param>
public sealed record WanCounters(LinkCounters Up, LinkCounters Down, long RefusedByKernel, long Oversized, long Missed, long? LatenessP99Ns, long LatenessMaxNs);

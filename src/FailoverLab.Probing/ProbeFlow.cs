using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Probing;

/// <summary>One flow of sequenced probes to send.</summary>
/// <param name="Id">Flow number in the probe header; unique in a run.</param>
/// <param name="Socket">Sends it; not owned. Several flows may share one.</param>
/// <param name="Destination">Where to; same address family as the socket.</param>
/// <param name="Interval">Time between two packets; greater than zero.</param>
/// <param name="PayloadBytes">UDP payload, <see cref="ProbeHeader.Size"/> or more; what follows the header is zero. Not used with a size code.</param>
/// <param name="IsSizeCoded">Sizes follow <see cref="ProbeSizeCode"/>, and what follows the header does not compress.</param>
public sealed record ProbeFlow(
    uint Id, IDatagramSocket Socket, DatagramAddress Destination, TimeSpan Interval, int PayloadBytes, bool IsSizeCoded = false);

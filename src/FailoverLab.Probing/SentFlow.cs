namespace FailoverLab.Probing;

/// <summary>One flow as its sender counts it.</summary>
/// <param name="Id">Flow number.</param>
/// <param name="Sent">Packets whose turn came; the next sequence number. Those refused count: the traffic was offered and is lost.</param>
/// <param name="Refused">Packets the kernel would not take (no route, interface down, queue full).</param>
/// <param name="Late">Packets sent more than one interval after their turn.</param>
public readonly record struct SentFlow(uint Id, long Sent, long Refused, long Late);

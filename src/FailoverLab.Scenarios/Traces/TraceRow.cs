using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Conditions from one instant of a trace until the next row; what is <see langword="null"/> is the link's own.</summary>
/// <param name="AtNs">Since the beginning of the trace, ns.</param>
/// <param name="Delay">One-way delay; not negative.</param>
/// <param name="Jitter">Each delay is drawn evenly from the delay less this to the delay and this, and is not below 0; not negative.</param>
/// <param name="Loss">Share lost.</param>
/// <param name="Rate">Rate limit.</param>
/// <param name="QueuePackets">Packets that may wait.</param>
/// <param name="Duplicate">Share that comes twice.</param>
public sealed record TraceRow(long AtNs, TimeSpan? Delay, TimeSpan? Jitter, Ratio? Loss, DataRate? Rate, int? QueuePackets, Ratio? Duplicate);

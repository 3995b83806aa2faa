namespace FailoverLab.Emulator;

/// <summary>A table of link conditions over time. Each row holds from its time until the next.</summary>
/// <param name="Rows">In order of time, the first at 0; at least one.</param>
/// <param name="LengthNs">When the last row ends, ns since the beginning; after its time.</param>
/// <param name="Repeats">Whether it begins again then; otherwise the last row holds for ever.</param>
/// <param name="StartRealtimeNs">Wall time of its beginning, CLOCK_REALTIME ns; <see langword="null"/>: the first packet after it was set.</param>
public sealed record ConditionTrace(IReadOnlyList<ConditionRow> Rows, long LengthNs, bool Repeats = true, long? StartRealtimeNs = null);

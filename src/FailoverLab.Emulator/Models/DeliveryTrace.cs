namespace FailoverLab.Emulator;

/// <summary>
/// Instants at which a number of bytes may leave the bottleneck, repeated for ever, as mahimahi's traces give them. An opportunity that
/// finds nothing waiting is wasted; a packet longer than one takes the next ones too, and several short ones share one.
/// </summary>
/// <remarks>Source: Netravali et al., "Mahimahi: accurate record-and-replay for HTTP", 2015; mm-link(1).</remarks>
/// <param name="OpportunitiesNs">Time of each since the beginning, ns, ascending, not negative, none above <paramref name="PeriodNs"/>; at least one.</param>
/// <param name="PeriodNs">After which it begins again, ns; greater than zero. Mahimahi takes the last instant.</param>
/// <param name="BytesEach">Bytes of frame an opportunity carries; at least 1.</param>
/// <param name="StartRealtimeNs">Wall time of its beginning, CLOCK_REALTIME ns; <see langword="null"/>: the first packet after it was set.</param>
public sealed record DeliveryTrace(IReadOnlyList<long> OpportunitiesNs, long PeriodNs, int BytesEach = 1504, long? StartRealtimeNs = null);

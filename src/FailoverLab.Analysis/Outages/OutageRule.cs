namespace FailoverLab.Analysis;

/// <summary>
/// Tells outages from accidental loss. A silence between two deliveries is an outage when packets between them were lost, it lasts
/// longer than three sending intervals, and neither chance nor ordinary delay variation explains it:
/// the loss period (RFC 3357) is longer than independent loss at the ratio seen around it would produce once in a
/// hundred such flows, or the silence is longer than the sending of its packets and the delay variation around it account for.
/// </summary>
internal static class OutageRule
{
    /// <summary>A silence up to this many sending intervals is never an outage.</summary>
    public const int MinSilenceIntervals = 3;

    /// <summary>Shorter loss periods are loss, whatever the loss ratio around them.</summary>
    public const int MinLossPeriod = 3;

    /// <summary>Packets on each side over which the loss ratio is taken.</summary>
    public const int Neighbourhood = 200;

    /// <summary>Arrivals on each side over which the delay's range is taken.</summary>
    public const int DelayNeighbourhood = 100;

    private const int LeastNeighbours = 20;
    private const double ChanceLimit = 0.01;
    private const double MaxBackgroundLoss = 0.5;

    /// <summary>Whether a silence is an outage.</summary>
    /// <param name="silence">A silence with both ends and what surrounds it.</param>
    /// <param name="intervalNs">The flow's sending interval.</param>
    /// <param name="packets">Packets of the flow.</param>
    public static bool IsOutage(Silence silence, long intervalNs, long packets)
    {
        if (silence is not { Before: { } before, After: { } after } || silence.Lost == 0) return false;
        var length = after.ReceivedNs - before.ReceivedNs;
        return length > MinSilenceIntervals * intervalNs
            && (silence.Lost >= LeastSignificantPeriod(silence.LossRatio, packets)
                || length > Math.Max((silence.Lost + 1) * intervalNs, after.SendNs - before.SendNs) + silence.DelayVariationNs);
    }

    /// <summary>Loss periods of at least this length are no accident at a loss ratio.</summary>
    public static int LeastSignificantPeriod(double lossRatio, long packets)
    {
        var length = Math.Log(packets / ChanceLimit) / -Math.Log(Math.Min(lossRatio, MaxBackgroundLoss));
        return Math.Max(MinLossPeriod, (int)Math.Ceiling(length));
    }

    /// <summary>Loss ratio of some packets, as the mean of its posterior under a flat prior (so never 0); next to 0 where too few are there to tell.</summary>
    public static double LossRatio(long packets, long lost) => packets < LeastNeighbours ? 1e-6 : (lost + 1.0) / (packets + 2);
}

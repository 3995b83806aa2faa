namespace FailoverLab.Analysis;

/// <summary>
/// Which gap between packets of an unnumbered flow is an outage. Packets that came at random, at the flow's mean rate, would show one so
/// long once in a hundred flows; and a flow that comes in bursts shows long gaps all the time, so an outage is also several times as
/// long as the longest in a hundred of its gaps.
/// </summary>
internal static class GapRule
{
    private const int LeastPackets = 50;
    private const double ChanceLimit = 0.01;
    private const int TimesTheUsualLongest = 5;

    /// <summary>The longest gap that is none, and the usual one; absent where packets are too few to tell.</summary>
    public static (long LongestNs, long UsualNs)? Limit(long packets, long spanNs, ValueDistribution gaps)
    {
        if (packets < LeastPackets || gaps.Summarise() is not { } summary) return null;
        var random = spanNs / (double)packets * Math.Log(packets / ChanceLimit);
        return ((long)Math.Max(random, TimesTheUsualLongest * (double)summary.P99), summary.Median);
    }
}

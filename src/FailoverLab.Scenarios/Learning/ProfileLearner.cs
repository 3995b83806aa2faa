using System.Globalization;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Learns a profile from round trips: the delay as a table of quantiles, and the loss, in bursts where the log shows them. Pure.</summary>
public static class ProfileLearner
{
    /// <summary>Round trips below which nothing is learned.</summary>
    public const int Fewest = 100;

    private const int Quantiles = 21;
    private const double Confidence = 0.95;

    /// <summary>Bursts are believed when the chance of loss after a loss is above that after a delivery with this confidence.</summary>
    private const double BurstConfidence = 0.99;

    /// <summary>Learns from a log.</summary>
    /// <param name="trips">Round trips in order; at least <see cref="Fewest"/>, of which some were answered.</param>
    /// <exception cref="ArgumentException">There are too few.</exception>
    public static LearnedProfile Learn(IReadOnlyList<RoundTrip> trips)
    {
        var answered = trips.Where(t => t.TimeNs is not null).Select(t => t.TimeNs!.Value).ToList();
        if (trips.Count < Fewest || answered.Count < Quantiles)
        {
            throw new ArgumentException($"{trips.Count} round trips, {answered.Count} of them answered, are too few to learn from; {Fewest} at least.", nameof(trips));
        }
        // One way is taken as half the round trip: a log from one end cannot tell the two apart.
        var oneWay = answered.Select(ns => ns / 2).ToList();
        var jitter = oneWay.Zip(oneWay.Skip(1), (a, b) => Math.Abs(a - b)).Average();
        var sorted = oneWay.Order().ToArray();
        var table = Enumerable.Range(0, Quantiles).Select(i => TimeSpan.FromTicks(Quantile(sorted, i / (Quantiles - 1.0)) / 100)).ToList();
        var lost = trips.Count - answered.Count;
        var (low, high) = ExactBinomial.Share(lost, trips.Count, Confidence);
        return new LearnedProfile
        {
            Samples = trips.Count,
            Lost = lost,
            IntervalNs = trips.Zip(trips.Skip(1), (a, b) => b.SentNs - a.SentNs).Order().ElementAt((trips.Count - 1) / 2),
            Delay = new TableDelayPlan(table),
            JitterNs = (long)jitter,
            MedianNs = Bounded(sorted, 0.5),
            P99Ns = Bounded(sorted, 0.99),
            LossShare = ((double)lost / trips.Count, low, high),
            Loss = Bursts(trips, lost),
        };
    }

    /// <summary>A chain of two states, when losses follow each other more often than chance has it; each way has half of the bursts.</summary>
    private static GilbertElliottPlan? Bursts(IReadOnlyList<RoundTrip> trips, int lost)
    {
        var (afterLoss, twice, afterGood, begun) = (0, 0, 0, 0);
        for (var i = 1; i < trips.Count; i++)
        {
            var isLost = trips[i].TimeNs is null;
            if (trips[i - 1].TimeNs is null)
            {
                afterLoss++;
                twice += isLost ? 1 : 0;
            }
            else
            {
                afterGood++;
                begun += isLost ? 1 : 0;
            }
        }
        if (lost < 5 || afterLoss == 0 || twice == 0 || twice == afterLoss || begun == 0)
        {
            return null;
        }
        var least = ExactBinomial.Share(twice, afterLoss, BurstConfidence).Low;
        var most = ExactBinomial.Share(begun, afterGood, BurstConfidence).High;
        return least <= most ? null : new GilbertElliottPlan(new Ratio(begun / 2.0 / afterGood), new Ratio(1 - ((double)twice / afterLoss)), new Ratio(1), new Ratio(0));
    }

    private static (long Value, long Low, long High) Bounded(long[] sorted, double share)
    {
        var (low, high) = ExactBinomial.QuantileRanks(sorted.Length, share, Confidence);
        return (Quantile(sorted, share), sorted[Math.Max(0, low - 1)], sorted[Math.Min(sorted.Length - 1, high - 1)]);
    }

    private static long Quantile(long[] sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}

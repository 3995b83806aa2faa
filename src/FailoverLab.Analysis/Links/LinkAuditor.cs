using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Holds what links applied against what was asked of them.</summary>
internal static class LinkAuditor
{
    /// <summary>Confidence of the intervals a mismatch must lie outside of: one run makes some hundred comparisons.</summary>
    public const double JudgedConfidence = 0.9999;

    /// <summary>A link that is early by less may have been stamped so.</summary>
    public const long EarlyNs = 100_000;

    /// <summary>So much later the least delay may be: the way through the machine.</summary>
    public const long LateMinNs = 500_000;

    /// <summary>So much later the median may be.</summary>
    public const long LateMedianNs = 1_000_000;

    /// <summary>So much later the 99th percentile may be.</summary>
    public const long LateP99Ns = 5_000_000;

    private const double ShownConfidence = 0.95;

    /// <summary>Delays may be longer by this share.</summary>
    private const double LateShare = 0.01;

    /// <summary>From this share of the limit on, flows may have to wait and be dropped before it.</summary>
    private const double Loaded = 0.3;

    /// <summary>Rates may be off by this share.</summary>
    private const double RateShare = 0.02;

    /// <summary>Most a tunnel adds to a packet; a flow's own bytes do not tell.</summary>
    private const int MostTunnelBytes = 120;
    private const int FewPackets = 20;

    /// <summary>One entry per stretch with packets, in the order asked.</summary>
    /// <param name="context">What was asked.</param>
    /// <param name="flows">What the flows met.</param>
    /// <param name="clockBoundNs">How wrong the difference of stamps of two points may be, ns.</param>
    public static IReadOnlyList<LinkAudit>? Audit(AnalysisContext context, IReadOnlyList<FlowResult> flows, Func<string?, string?, long> clockBoundNs)
    {
        if (context.Links.Count == 0) return null;
        var audits = new List<LinkAudit>();
        foreach (var asked in context.Links)
        {
            var path = context.Paths.FirstOrDefault(p => p.Name == asked.Path);
            var count = new StretchCount();
            foreach (var met in flows.SelectMany(f => f.Sinks.Paths?.Transits ?? []).OfType<LinkTransit>().Where(t => t.BothEnds))
            {
                if (met.Stretches?.Count(asked) is { } own) count.Add(own);
            }

            if (count.Entered > 0) audits.Add(Judge(asked, count, clockBoundNs(path?.SitePoint, path?.FarPoint)));
        }

        return audits;
    }

    /// <summary>A caveat for each direction and stretch that was not as asked.</summary>
    public static IEnumerable<Caveat> Caveats(IEnumerable<LinkAudit> audits) =>
        audits.Where(a => a.Verdict == Verdict.Fail).Select(a => new Caveat("link-not-as-asked", $"{a.Path} {a.Direction} was asked: {a.Asked}; {string.Join(", ", LinkWords.Mismatches(a))}.", [a.Path]));

    private static LinkAudit Judge(LinkAsked asked, StretchCount count, long boundNs)
    {
        var seconds = (asked.ToNs - asked.FromNs) / 1e9;
        var rate = Rate(asked, count);
        var isLoaded = asked.RateBitsPerSecond is { } limit && count.BytesIn * 8 / seconds * Widened(count) > Loaded * limit;
        var wait = asked.RateBitsPerSecond is null ? 0 : (isLoaded ? asked.QueueNs : 0) + (long)(count.BytesIn * Widened(count) / count.Entered * 8e9 / asked.RateBitsPerSecond.Value);
        var loss = Loss(asked, count, isLoaded);
        var least = Time(asked.DelayMinNs, count, 0, LateMinNs + boundNs + wait, boundNs);
        var median = Time(asked.DelayMedianNs, count, 0.5, LateMedianNs + boundNs + wait, boundNs);
        var p99 = Time(asked.DelayP99Ns, count, 0.99, LateP99Ns + boundNs + wait, boundNs);
        Verdict?[] verdicts = [loss.Verdict, least?.Verdict, median?.Verdict, p99?.Verdict, rate?.Verdict];
        return new LinkAudit
        {
            Path = asked.Path,
            Direction = asked.IsUp ? "up" : "down",
            FromNs = asked.FromNs,
            ToNs = asked.ToNs,
            Asked = asked.Words,
            Packets = count.Entered,
            Lost = count.Lost,
            Loss = loss,
            DelayMinNs = least,
            DelayMedianNs = median,
            DelayP99Ns = p99,
            RateBitsPerSecond = rate,
            Verdict = verdicts.Contains(Verdict.Fail) ? Verdict.Fail : verdicts.Contains(Verdict.Pass) ? Verdict.Pass : Verdict.Inconclusive,
        };
    }

    private static LinkShare Loss(LinkAsked asked, StretchCount count, bool isLoaded)
    {
        // Losses in bursts tell as much as fewer single ones would.
        var trials = Math.Max(1, count.Entered / asked.LossClumping);
        var share = (double)count.Lost / count.Entered;
        var (low, high) = ExactBinomial.Share(share * trials, trials, ShownConfidence);
        var range = asked.Loss ?? new AskedRange(0, 1);
        if (isLoaded) range = range with { High = 1 };
        var (least, most) = ExactBinomial.Share(share * trials, trials, JudgedConfidence);
        Verdict? verdict = asked.Loss is null || range is { Low: 0, High: 1 } ? null : most < range.Low || least > range.High ? Verdict.Fail : Verdict.Pass;
        return new LinkShare(range.Low, range.High, new MeasuredShare(share, low, high), verdict);
    }

    private static LinkTime? Time(AskedRange? asked, StretchCount count, double share, long lateNs, long boundNs)
    {
        var delays = count.Delays;
        if (delays.Count == 0) return null;
        var value = share == 0 ? delays.Least : delays.At(share);
        var (low, high) = Interval(delays, share, ShownConfidence);
        var applied = new MeasuredTime(value, low, high);
        if (asked is not { } range || delays.Count < FewPackets) return new LinkTime((long?)asked?.Low, (long?)asked?.High, applied, null);
        var (least, most) = Interval(delays, share, JudgedConfidence);
        var isEarly = most < range.Low - EarlyNs - boundNs;
        var isLate = least > (range.High * (1 + LateShare)) + lateNs;
        return new LinkTime((long)range.Low, (long)range.High, applied, isEarly || isLate ? Verdict.Fail : Verdict.Pass);
    }

    /// <summary>Where a quantile lies; the least has no interval, being what it is.</summary>
    private static (long Low, long High) Interval(ValueDistribution delays, double share, double confidence)
    {
        if (share == 0) return (delays.Least, delays.Least);
        var (low, high) = ExactBinomial.QuantileRanks(delays.Count, share, confidence);
        return (
            low < 1 ? delays.Least : delays.At((double)low / delays.Count),
            high > delays.Count ? delays.Greatest : delays.At((double)high / delays.Count));
    }

    /// <summary>
    /// What came out is counted, not sampled, so no chance is in it. Uncertain is the time it took: so many packets have one gap less between them, so the
    /// rate is that of all bits but one packet's, and which packet is not known; and each of both stamps may be late by the way through the machine.
    /// </summary>
    private static LinkRate? Rate(LinkAsked asked, StretchCount count)
    {
        if (count.LastOutNs <= count.FirstOutNs) return null;
        var spanNs = (double)(count.LastOutNs - count.FirstOutNs);
        var came = count.Entered - count.Lost;
        var offered = count.BytesIn * 8 / ((asked.ToNs - asked.FromNs) / 1e9);
        var applied = count.BytesOut * 8e9 * (came - 1) / came / spanNs;
        var low = (count.BytesOut - count.LargestOut) * 8e9 / (spanNs + LateMinNs);
        var high = count.BytesOut * 8e9 / Math.Max(spanNs - LateMinNs, 1);
        Verdict? verdict = null;
        if (asked.RateBitsPerSecond is { } limit && count.Entered >= FewPackets)
        {
            // A flow's own bytes are the least the link can have carried; with the most a tunnel adds they are more than it did.
            var isTooFast = low > limit * (1 + RateShare);
            var isTooSlow = offered > limit * (1 + RateShare) && high * Widened(count) < limit * (1 - RateShare);
            verdict = isTooFast || isTooSlow ? Verdict.Fail : Verdict.Pass;
        }

        return new LinkRate(asked.RateBitsPerSecond, (long)offered, (long)applied, verdict, (long)low, (long)high);
    }

    private static double Widened(StretchCount count) => 1 + (MostTunnelBytes / ((double)count.BytesIn / count.Entered));
}

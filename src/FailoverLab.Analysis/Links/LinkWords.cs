using System.Globalization;
using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>What a link did otherwise than asked, in words.</summary>
internal static class LinkWords
{
    /// <summary>One phrase for each figure that is not as asked.</summary>
    public static IEnumerable<string> Mismatches(LinkAudit audit)
    {
        if (audit.Loss is { Verdict: Verdict.Fail } loss)
            yield return $"loss {Percent(loss.Applied.Value)} ({Percent(loss.Applied.Low)} to {Percent(loss.Applied.High)}) in place of {Between(Percent(loss.AskedLow), Percent(loss.AskedHigh))}";
        foreach (var (name, time) in new[] { ("least delay", audit.DelayMinNs), ("median delay", audit.DelayMedianNs), ("99th percentile of delay", audit.DelayP99Ns) })
        {
            if (time is { Verdict: Verdict.Fail, AskedLowNs: { } low, AskedHighNs: { } high })
                yield return $"{name} {DurationText.FormatNs(time.Applied.ValueNs)} in place of {Between(DurationText.FormatNs(low), DurationText.FormatNs(high))}";
        }

        if (audit.RateBitsPerSecond is { Verdict: Verdict.Fail, Asked: { } limit, AppliedLow: { } lowest, AppliedHigh: { } highest } rate)
            yield return $"rate {Rate(rate.Applied)} ({Rate(lowest)} to {Rate(highest)}) in place of {Rate(limit)}";
    }

    private static string Between(string low, string high) => low == high ? low : $"{low} to {high}";

    private static DataRate Rate(long bitsPerSecond) => new(Math.Max(1, bitsPerSecond));

    private static string Percent(double share) => (share * 100).ToString("0.###", CultureInfo.InvariantCulture) + " %";
}

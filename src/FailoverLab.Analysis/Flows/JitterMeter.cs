using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>Interarrival jitter over first copies in order of arrival.</summary>
internal sealed class JitterMeter
{
    private double _estimate;
    private double _sum;
    private long _differences;

    /// <summary>The running estimate of RFC 3550 section 6.4.1, ns; absent below two arrivals.</summary>
    public long? EstimateNs => _differences > 0 ? (long)Math.Round(_estimate) : null;

    /// <summary>The plain mean of the same differences, ns.</summary>
    public double MeanNs => _differences > 0 ? _sum / _differences : 0;

    /// <summary>Takes the difference of two neighbouring arrivals' delays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long differenceNs)
    {
        var difference = Math.Abs((double)differenceNs);
        _estimate = Next(_estimate, difference);
        _sum += difference;
        _differences++;
    }

    /// <summary>Takes the differences of several.</summary>
    public void Add(ReadOnlySpan<long> differencesNs)
    {
        var (estimate, sum) = (_estimate, _sum);
        foreach (var differenceNs in differencesNs)
        {
            var difference = Math.Abs((double)differenceNs);
            estimate = Next(estimate, difference);
            sum += difference;
        }

        (_estimate, _sum) = (estimate, sum);
        _differences += differencesNs.Length;
    }

    /// <summary>J + (|D| - J) / 16, written so that a step waits only for one product and one sum of the step before.</summary>
    private static double Next(double estimate, double difference) => (estimate * (15.0 / 16)) + (difference * (1.0 / 16));
}

using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>What the silence between two deliveries says of how long the receiver went without.</summary>
internal static class SilenceInterval
{
    /// <summary>
    /// The silence less one sending interval. The truth lies between what is certain to have failed and what is certain to have worked, by
    /// send times; the receiver saw it longer or shorter by as much as the delay changed. Which change counts, nobody can know: none, the
    /// one between the two deliveries, or the one they would have had, had neither come later than is usual on its path. All three are in.
    /// </summary>
    /// <param name="silenceNs">From the last delivery before to the first after, ns.</param>
    /// <param name="punctualNs">The same, had both come as they usually do.</param>
    /// <param name="intervalNs">The flow's sending interval.</param>
    /// <param name="failedNs">From the sending of the first lost packet to that of the last.</param>
    /// <param name="workedNs">From the sending of the last good packet before to that of the first after.</param>
    public static MeasuredTime Of(long silenceNs, long punctualNs, long intervalNs, long failedNs, long workedNs)
    {
        var value = Math.Max(0, silenceNs - intervalNs);
        var (seen, usual) = (silenceNs - workedNs, punctualNs - workedNs);
        var low = failedNs + Math.Min(0, Math.Min(seen, usual));
        var high = workedNs + Math.Max(0, Math.Max(seen, usual));
        return new MeasuredTime(value, Math.Max(0, Math.Min(low, value)), Math.Max(0, high));
    }
}

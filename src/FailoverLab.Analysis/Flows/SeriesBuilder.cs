using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>A flow over time in equal bins.</summary>
internal static class SeriesBuilder
{
    /// <summary>Counts a flow into bins; absent where there are none.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="bins">The record's bins.</param>
    /// <param name="carriedBy">Path of each row, -1 = unknown; absent = no path is known.</param>
    /// <param name="pathCount">Number of paths.</param>
    public static FlowSeries? Build(FlowTable flow, Bins bins, sbyte[]? carriedBy, int pathCount)
    {
        if (bins.Count == 0 || flow.Count == 0) return null;
        var sent = new int[bins.Count];
        var received = new int[bins.Count];
        var lost = new int[bins.Count];
        var carried = new int[bins.Count * Math.Max(1, pathCount)];
        var delayBins = new int[flow.Count];
        var delays = new long[flow.Count];
        var delayCount = 0;
        for (var row = 0; row < flow.Count; row++)
        {
            var bin = bins.Of(flow.SendNs[row]);
            sent[bin]++;
            if (flow.IsLost(row)) lost[bin]++;
            if (carriedBy is not null && carriedBy[row] >= 0) carried[(bin * pathCount) + carriedBy[row]]++;
            if (flow.ReceivedNs[row] == FlowTable.Missing) continue;
            received[bins.Of(flow.ReceivedNs[row])]++;
            if (!flow.Sent[row]) continue;
            delayBins[delayCount] = bin;
            delays[delayCount++] = flow.ReceivedNs[row] - flow.SendNs[row];
        }

        return new FlowSeries
        {
            StartNs = bins.StartNs,
            BinNs = bins.WidthNs,
            Sent = sent,
            Received = received,
            Lost = lost,
            DelayNs = bins.Medians(delayBins.AsSpan(0, delayCount), delays.AsSpan(0, delayCount)),
            Path = MostUsed(carried, bins.Count, pathCount),
        };
    }

    private static int[] MostUsed(int[] carried, int bins, int pathCount)
    {
        var most = new int[bins];
        Array.Fill(most, -1);
        for (var bin = 0; bin < bins; bin++)
        {
            for (var path = 0; path < pathCount; path++)
            {
                var packets = carried[(bin * pathCount) + path];
                if (packets > 0 && (most[bin] < 0 || packets > carried[(bin * pathCount) + most[bin]])) most[bin] = path;
            }
        }

        return most;
    }
}

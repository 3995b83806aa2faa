namespace FailoverLab.Analysis;

/// <summary>What one flow's packets met on one direction of a link in one stretch.</summary>
internal sealed class StretchCount
{
    /// <summary>Packets that entered.</summary>
    public long Entered { get; private set; }

    /// <summary>Those that never came out.</summary>
    public long Lost { get; private set; }

    /// <summary>Bytes of those that entered.</summary>
    public long BytesIn { get; private set; }

    /// <summary>Bytes of those that came out.</summary>
    public long BytesOut { get; private set; }

    /// <summary>Bytes of the largest that came out.</summary>
    public int LargestOut { get; private set; }

    /// <summary>First exit, ns since the Unix epoch.</summary>
    public long FirstOutNs { get; private set; } = long.MaxValue;

    /// <summary>Last exit.</summary>
    public long LastOutNs { get; private set; } = long.MinValue;

    /// <summary>Delays of those that came out, ns.</summary>
    public ValueDistribution Delays { get; } = new();

    /// <summary>Counts a packet.</summary>
    /// <param name="entryNs">When it entered.</param>
    /// <param name="exitNs">When it came out; <see cref="RowWindow.Missing"/> = never.</param>
    /// <param name="length">Its bytes.</param>
    public void Add(long entryNs, long exitNs, int length)
    {
        Entered++;
        BytesIn += length;
        if (exitNs == RowWindow.Missing)
        {
            Lost++;
            return;
        }

        BytesOut += length;
        LargestOut = Math.Max(LargestOut, length);
        FirstOutNs = Math.Min(FirstOutNs, exitNs);
        LastOutNs = Math.Max(LastOutNs, exitNs);
        Delays.Add(exitNs - entryNs);
    }

    /// <summary>Takes what another flow met there.</summary>
    public void Add(StretchCount other)
    {
        Entered += other.Entered;
        Lost += other.Lost;
        BytesIn += other.BytesIn;
        BytesOut += other.BytesOut;
        LargestOut = Math.Max(LargestOut, other.LargestOut);
        FirstOutNs = Math.Min(FirstOutNs, other.FirstOutNs);
        LastOutNs = Math.Max(LastOutNs, other.LastOutNs);
        Delays.Add(other.Delays);
    }
}

namespace FailoverLab.Analysis;

/// <summary>
/// One flow, joined over its two ends: a row per sequence number, ascending, in parallel columns. Rows come from the sender's
/// capture; without one, from the receiver's, with a row for every number left out between.
/// </summary>
internal sealed class FlowTable
{
    /// <summary>Marks an absent stamp.</summary>
    public const long Missing = long.MinValue;

    /// <summary>The flow.</summary>
    public required FlowKey Key { get; init; }

    /// <summary>Name and ends, as known or found.</summary>
    public required FlowContext Context { get; init; }

    /// <summary>Whether there is a capture at the sender that is not also the receiver's.</summary>
    public required bool HasSender { get; init; }

    /// <summary>Whether there is a capture at the receiver; without one nothing can be said to be lost.</summary>
    public required bool HasReceiver { get; init; }

    /// <summary>Sequence numbers, ascending.</summary>
    public required long[] Sequence { get; init; }

    /// <summary>Send times, ns since the Unix epoch: the sender's capture; else the stamp in the packet; for a packet never seen, halfway between its neighbours' by number.</summary>
    public required long[] SendNs { get; init; }

    /// <summary>Whether the packet was seen at the sender.</summary>
    public required bool[] Sent { get; init; }

    /// <summary>Arrival of the first copy, ns since the Unix epoch; <see cref="Missing"/> when none arrived.</summary>
    public required long[] ReceivedNs { get; init; }

    /// <summary>Rows in order of arrival, first copies only.</summary>
    public required int[] Arrivals { get; init; }

    /// <summary>Second and further copies received.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Median sending interval, ns; 0 where the flow has none.</summary>
    public required long IntervalNs { get; init; }

    /// <summary>Lost packets before each row; one more entry than rows.</summary>
    public required int[] LostBefore { get; init; }

    /// <summary>Rows.</summary>
    public int Count => Sequence.Length;

    /// <summary>Whether a row's packet was sent and never arrived.</summary>
    public bool IsLost(int row) => HasReceiver && ReceivedNs[row] == Missing && (Sent[row] || !HasSender);

    /// <summary>Lost packets in rows <paramref name="from"/> to <paramref name="to"/>, both left out.</summary>
    public int LostBetween(int from, int to) => to > from ? LostBefore[to] - LostBefore[from + 1] : 0;

    /// <summary>The row of a sequence number; -1 when it has none.</summary>
    public int RowOf(long sequence)
    {
        if (Count == 0) return -1;
        var guess = sequence - Sequence[0];
        if (guess >= 0 && guess < Count && Sequence[guess] == sequence) return (int)guess;
        var found = Array.BinarySearch(Sequence, sequence);
        return found >= 0 ? found : -1;
    }
}

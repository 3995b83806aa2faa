namespace FailoverLab.Analysis;

/// <summary>Joins what the sender's and the receiver's captures saw of one flow.</summary>
internal static class FlowTableBuilder
{
    /// <summary>Numbers left out between are only filled in where the flow is this dense: a damaged packet may carry any number.</summary>
    private const int MaxFillFactor = 64;

    /// <summary>Builds the table.</summary>
    /// <param name="key">The flow.</param>
    /// <param name="context">Name and ends.</param>
    /// <param name="sender">The sender's capture of the flow; absent when there is none.</param>
    /// <param name="receiver">The receiver's capture of the flow; absent when it saw nothing.</param>
    public static FlowTable Build(FlowKey key, FlowContext context, SightingColumn? sender, SightingColumn? receiver)
    {
        var (hasSender, hasReceiver) = (sender is not null, receiver is not null);
        var sequence = hasSender ? Union(sender!, receiver) : Filled(receiver);
        var count = sequence.Length;
        var send = new long[count];
        var sent = new bool[count];
        var received = new long[count];
        Array.Fill(send, FlowTable.Missing);
        Array.Fill(received, FlowTable.Missing);
        var lookup = new RowLookup(sequence);
        if (sender is not null) TakeSent(sender, lookup, send, sent);
        var (arrivals, duplicates) = receiver is null ? ([], 0) : TakeReceived(receiver, lookup, send, received);
        Interpolate(sequence, send);
        var lostBefore = new int[count + 1];
        for (var i = 0; i < count; i++)
        {
            lostBefore[i + 1] = lostBefore[i] + (hasReceiver && received[i] == FlowTable.Missing && (sent[i] || !hasSender) ? 1 : 0);
        }

        return new FlowTable
        {
            Key = key,
            Context = context,
            HasSender = hasSender,
            HasReceiver = hasReceiver,
            Sequence = sequence,
            SendNs = send,
            Sent = sent,
            ReceivedNs = received,
            Arrivals = arrivals,
            Duplicates = duplicates,
            IntervalNs = MedianInterval(sequence, send),
            LostBefore = lostBefore,
        };
    }

    private static void TakeSent(SightingColumn sender, RowLookup lookup, long[] send, bool[] sent)
    {
        for (var i = 0; i < sender.Count; i++)
        {
            var row = lookup.RowOf(sender.Sequence[i]);
            if (sent[row]) continue;
            sent[row] = true;
            send[row] = sender.StampNs[i];
        }
    }

    private static (int[] Arrivals, long Duplicates) TakeReceived(SightingColumn receiver, RowLookup lookup, long[] send, long[] received)
    {
        var order = OrderByStamp(receiver.StampNs);
        var arrivals = new int[receiver.Count];
        var distinct = 0;
        for (var k = 0; k < receiver.Count; k++)
        {
            var i = order is null ? k : order[k];
            var row = lookup.RowOf(receiver.Sequence[i]);
            if (row < 0 || received[row] != FlowTable.Missing) continue;
            received[row] = receiver.StampNs[i];
            arrivals[distinct++] = row;
            if (send[row] == FlowTable.Missing) send[row] = receiver.HeaderNs[i];
        }

        var duplicates = receiver.Count - distinct;
        Array.Resize(ref arrivals, distinct);
        return (arrivals, duplicates);
    }

    /// <summary>The order of the stamps, or nothing where they already ascend.</summary>
    private static int[]? OrderByStamp(ReadOnlySpan<long> stamps)
    {
        var ascending = true;
        for (var i = 1; i < stamps.Length && ascending; i++) ascending = stamps[i] >= stamps[i - 1];
        if (ascending) return null;
        var keys = new (long Stamp, int Index)[stamps.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = (stamps[i], i);
        Array.Sort(keys);
        return Array.ConvertAll(keys, k => k.Index);
    }

    private static long[] Union(SightingColumn sender, SightingColumn? receiver)
    {
        var own = SortedDistinct(sender.Sequence);
        if (receiver is null) return own;
        var lookup = new RowLookup(own);
        List<long>? extra = null;
        foreach (var sequence in receiver.Sequence)
        {
            if (lookup.RowOf(sequence) < 0) (extra ??= []).Add(sequence);
        }

        return extra is null ? own : SortedDistinct([.. own, .. extra]);
    }

    private static long[] Filled(SightingColumn? receiver)
    {
        if (receiver is null or { Count: 0 }) return [];
        var seen = SortedDistinct(receiver.Sequence);
        var span = (UInt128)(Int128)(seen[^1] - (Int128)seen[0]) + 1;
        if (span > (UInt128)seen.Length * MaxFillFactor) return seen;
        var all = new long[(int)span];
        for (var i = 0; i < all.Length; i++) all[i] = seen[0] + i;
        return all;
    }

    private static long[] SortedDistinct(ReadOnlySpan<long> values)
    {
        var result = values.ToArray();
        var strictly = true;
        for (var i = 1; i < result.Length && strictly; i++) strictly = result[i] > result[i - 1];
        if (strictly) return result;
        Array.Sort(result);
        var count = 0;
        for (var i = 0; i < result.Length; i++)
        {
            if (i == 0 || result[i] != result[i - 1]) result[count++] = result[i];
        }

        Array.Resize(ref result, count);
        return result;
    }

    /// <summary>Gives packets nobody saw a send time between those of the nearest numbers seen.</summary>
    private static void Interpolate(long[] sequence, long[] send)
    {
        var before = -1;
        for (var i = 0; i < send.Length; i++)
        {
            if (send[i] == FlowTable.Missing) continue;
            for (var k = before + 1; k < i; k++)
            {
                send[k] = before < 0
                    ? send[i]
                    : send[before] + (long)((send[i] - send[before]) * ((double)(sequence[k] - sequence[before]) / (sequence[i] - sequence[before])));
            }

            before = i;
        }
    }

    private static long MedianInterval(long[] sequence, long[] send)
    {
        var intervals = new long[Math.Max(0, sequence.Length - 1)];
        var count = 0;
        for (var i = 1; i < sequence.Length; i++)
        {
            if (sequence[i] == sequence[i - 1] + 1 && send[i] >= send[i - 1]) intervals[count++] = send[i] - send[i - 1];
        }

        return count == 0 ? 0 : Quantile.Median(intervals.AsSpan(0, count));
    }

    private readonly struct RowLookup(long[] sequence)
    {
        public int RowOf(long value)
        {
            if (sequence.Length == 0) return -1;
            var guess = value - sequence[0];
            if (guess >= 0 && guess < sequence.Length && sequence[guess] == value) return (int)guess;
            var found = Array.BinarySearch(sequence, value);
            return found >= 0 ? found : -1;
        }
    }
}

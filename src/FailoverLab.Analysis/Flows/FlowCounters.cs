using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>Counts of one flow.</summary>
internal sealed class FlowCounters
{
    /// <summary>A packet later than this counts as late (RFC 6412 section 3.7.6 asks to state it; RFC 2544 section 26.1 waits 2 s).</summary>
    public const long ForwardingDelayThresholdNs = 2_000_000_000;

    private long _nextExpected = long.MinValue;

    /// <summary>Different packets seen at the sender.</summary>
    public long Sent { get; set; }

    /// <summary>Different packets received.</summary>
    public long Received { get; private set; }

    /// <summary>Bytes of those on the wire.</summary>
    public long Bytes { get; private set; }

    /// <summary>Second and further copies received.</summary>
    public long Duplicates { get; set; }

    /// <summary>First copies received with a number below the next expected one (RFC 4737 section 3.3).</summary>
    public long Reordered { get; private set; }

    /// <summary>Packets received after more than the forwarding delay threshold.</summary>
    public long Late { get; set; }

    /// <summary>Packets received that the sender's capture lacks.</summary>
    public long NotSent { get; set; }

    /// <summary>Packets received after they had been given up for lost.</summary>
    public long GivenUp { get; private set; }

    /// <summary>Counts the first copy of a packet, in order of arrival.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CountReceived(long row, int length)
    {
        Received++;
        Bytes += length;
        if (row < _nextExpected) Reordered++;
        else _nextExpected = row + 1;
    }

    /// <summary>Counts packets with higher numbers than all before.</summary>
    public void CountReceived(in SteadyRun run)
    {
        Received += run.Count;
        Bytes += run.Bytes;
        _nextExpected = run.LastRow + 1;
    }

    /// <summary>Counts a packet whose row was settled long ago.</summary>
    public void CountStale(bool wasLost)
    {
        if (wasLost) GivenUp++;
        else Duplicates++;
    }
}

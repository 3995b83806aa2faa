using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>Counts the stamps of packets that follow one another; apart from the tally, so that the loop over them keeps its figures in registers.</summary>
internal ref struct StampRun(StampTally tally)
{
    /// <summary>The latest stamp where there is none yet.</summary>
    public const long None = long.MaxValue;

    private long _lastNs = tally.LastInFileNs;
    private long _latestNs = tally.Packets == 0 ? None : tally.LatestNs;

    /// <summary>Counts a packet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(long stampNs)
    {
        if (stampNs >= _latestNs) _latestNs = stampNs;
        else _latestNs = tally.NoteOdd(stampNs, _lastNs, _latestNs);
        _lastNs = stampNs;
    }

    /// <summary>Puts down what was counted.</summary>
    public readonly void Finish(int packets) => tally.Count(packets, _lastNs, _latestNs);
}

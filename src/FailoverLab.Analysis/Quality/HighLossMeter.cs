using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Counts seconds of which more than half the packets were lost, and runs of three and more of them.</summary>
internal sealed class HighLossMeter
{
    private const long IntervalNs = 1_000_000_000;
    private const int RunLength = 3;

    private long _second = long.MinValue;
    private long _packets;
    private long _lost;
    private long _intervals;
    private long _high;
    private long _run;
    private long _runs;

    /// <summary>Takes a packet, in order of sending.</summary>
    public void Add(long sendNs, bool isLost)
    {
        var second = sendNs / IntervalNs;
        if (second != _second) Close(second);
        _packets++;
        if (isLost) _lost++;
    }

    /// <summary>Takes packets none of which was lost, in order of sending.</summary>
    public void Add(in SettledRun run)
    {
        if (run.EarliestNs / IntervalNs == _second && run.LatestNs / IntervalNs == _second)
        {
            _packets += run.SendsNs.Length;
            return;
        }

        foreach (var sendNs in run.SendsNs) Add(sendNs, isLost: false);
    }

    /// <summary>The summary.</summary>
    public HighLossSummary Build()
    {
        Close(long.MinValue);
        return new HighLossSummary(_intervals, _high, _runs);
    }

    private void Close(long next)
    {
        if (_packets > 0)
        {
            _intervals++;
            var isHigh = 2 * _lost > _packets;
            _run = isHigh ? _run + 1 : 0;
            if (isHigh) _high++;
            if (_run == RunLength) _runs++;
        }

        // A pause in which nothing was sent ends a run: nothing is known of it.
        if (next != _second + 1) _run = 0;

        (_second, _packets, _lost) = (next, 0, 0);
    }
}

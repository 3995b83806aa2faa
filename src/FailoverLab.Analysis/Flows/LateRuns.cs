namespace FailoverLab.Analysis;

/// <summary>Packets that arrived later than the forwarding delay threshold, in runs of neighbouring numbers: RFC 6412 section 3.8.1 counts them as impaired.</summary>
internal sealed class LateRuns
{
    private readonly List<LossRun> _runs = [];

    /// <summary>Adds a late packet; in order of arrival.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="sendNs">When it was sent.</param>
    public void Add(long row, long sendNs)
    {
        if (_runs.Count > 0 && row == _runs[^1].FirstRow + _runs[^1].Count) _runs[^1] = _runs[^1] with { Count = _runs[^1].Count + 1, LastSendNs = sendNs };
        else _runs.Add(new LossRun(row, 1, 0, sendNs, sendNs));
    }

    /// <summary>Late packets sent in a stretch of time; of a run that only touches it, by its even spacing.</summary>
    public long Between(long fromNs, long toNs)
    {
        var count = 0L;
        foreach (var run in _runs)
        {
            var (from, to) = (Math.Max(fromNs, run.FirstSendNs), Math.Min(toNs, run.LastSendNs));
            if (from > to) continue;
            count += run.LastSendNs == run.FirstSendNs ? run.Count : 1 + (long)((double)(to - from) / (run.LastSendNs - run.FirstSendNs) * (run.Count - 1));
        }

        return count;
    }
}

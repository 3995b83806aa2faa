using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>What a flow was worth, counted as its packets pass.</summary>
/// <param name="ends">The flow's ends: without both, delay is unknown.</param>
internal sealed class QualityMeter(FlowEnds ends)
{
    private readonly VoiceMeter? _voice = ends is { HasSender: true, HasReceiver: true } ? new VoiceMeter() : null;
    private readonly HighLossMeter _highLoss = new();
    private readonly ReorderingMeter _reordering = new();
    private readonly ValueDistribution _variation = new();

    /// <summary>Takes a settled packet, in order of the numbers.</summary>
    public void OnRow(in Row row)
    {
        var isLost = (row.State & RowState.Lost) != 0;
        if (!isLost && (row.State & RowState.Received) == 0) return;
        _highLoss.Add(row.SendNs, isLost);
        _voice?.Add(row.SendNs, row.ReceivedNs);
    }

    /// <summary>Takes an arrival, in order of time.</summary>
    /// <param name="last">The arrival before; meaningless for the first.</param>
    /// <param name="arrival">The arrival.</param>
    public void OnArrival(in Arrival last, in Arrival arrival)
    {
        _reordering.Add(arrival.Row);
        if (arrival.Row == last.Row + 1) _variation.Add(arrival.DelayNs - last.DelayNs);
    }

    /// <summary>Takes settled packets of a flow seen at one point only, where a call cannot be rated.</summary>
    public void OnRows(in SettledRun run) => _highLoss.Add(run);

    /// <summary>Takes arrivals with consecutive numbers, the first following the last arrival's.</summary>
    public void OnArrivals(in SteadyRun run)
    {
        _reordering.Add(run);
        _variation.Add(run.Differences);
    }

    /// <summary>The summary of a flow.</summary>
    /// <param name="losses">Its loss periods.</param>
    /// <param name="delays">Its one-way delays.</param>
    public QualitySummary Build(LossIndex losses, ValueDistribution delays) => new()
    {
        DelayVariationNs = _variation.Summarise(),
        DelayRangeNs = delays.Count == 0 ? null : delays.At(0.999) - delays.Least,
        Losses = ends.HasReceiver ? LossPeriodRule.Of(losses.Runs) : null,
        Reordering = _reordering.Build(),
        HighLoss = ends.HasReceiver ? _highLoss.Build() : null,
        Voice = _voice?.Build(),
    };
}

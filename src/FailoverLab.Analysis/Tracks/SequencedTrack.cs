using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>A flow whose packets carry sequence numbers.</summary>
/// <param name="key">The flow.</param>
/// <param name="kind">What it was recognised as.</param>
/// <param name="numbering">Makes sequence numbers of what its packets show; absent where they show them as they are.</param>
/// <param name="track">The rows.</param>
internal sealed class SequencedTrack(FlowKey key, FlowKind kind, INumbering? numbering, FlowTrack track) : IFlowTrack
{
    /// <summary>What it was recognised as.</summary>
    public FlowKind Kind => kind;

    /// <summary>The flow, once finished.</summary>
    public FlowResult? Result { get; private set; }

    /// <summary>The points that saw it.</summary>
    public IReadOnlyList<FlowPoint> Points => track.Points;

    /// <summary>Makes ready to number the same packets once more.</summary>
    public void Restart() => numbering?.Restart();

    /// <summary>The number of one packet; absent where it has none. Numbers that begin anew within a flow are not told apart here.</summary>
    public long? RowOf(Span<Sighting> one)
    {
        numbering?.Number(one);
        return (long)one[0].A == RowNumbers.None ? null : (long)one[0].A;
    }

    /// <inheritdoc/>
    public void Take(Span<Sighting> sightings)
    {
        numbering?.Number(sightings);
        track.Take(sightings);
    }

    /// <inheritdoc/>
    public void Settle(long nowNs) => track.Settle(nowNs);

    /// <inheritdoc/>
    public void Finish(long observationEndNs)
    {
        track.Finish(observationEndNs);
        Result = FlowResult.Of(track, key, track.Strange);
        track.Rows.Free();
    }
}

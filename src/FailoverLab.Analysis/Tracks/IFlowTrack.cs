namespace FailoverLab.Analysis;

/// <summary>Follows one flow from its first packet to its last.</summary>
internal interface IFlowTrack
{
    /// <summary>Takes sightings, each point's in order of time; may change them.</summary>
    void Take(Span<Sighting> sightings);

    /// <summary>Everything up to an instant (ns since the Unix epoch) has been taken.</summary>
    void Settle(long nowNs);

    /// <summary>Nothing more comes.</summary>
    void Finish(long observationEndNs);
}

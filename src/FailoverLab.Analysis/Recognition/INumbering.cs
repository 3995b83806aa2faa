namespace FailoverLab.Analysis;

/// <summary>Makes of what a protocol's packets show a sequence number and, where they tell, a send time.</summary>
internal interface INumbering
{
    /// <summary>Puts sequence number and send time into each sighting; each point's come in order of time. What is no packet of the
    /// sequence gets <see cref="RowNumbers.None"/>.</summary>
    void Number(Span<Sighting> sightings);

    /// <summary>Forgets every packet so far.</summary>
    void Restart();
}

namespace FailoverLab.Analysis;

/// <summary>
/// ICMP echo as a round trip: at the point nearest to the asker, requests are what is sent and replies what is received. Other points
/// only show the same packets again and are left out.
/// </summary>
internal sealed class EchoNumbering : INumbering
{
    private readonly NumberUnwrapper _numbers = new(16);
    private readonly int _point = -1;
    private readonly int _requests;
    private readonly int _replies;
    private readonly string _name = "";

    /// <summary>
    /// Finds the asker's point: the one where replies come longest after their requests, which needs no clock but its own; without replies
    /// the one that sees requests first.
    /// </summary>
    public EchoNumbering(ReadOnlySpan<Sighting> first, PointNames names)
    {
        _point = LongestTrip(first) is >= 0 and var longest ? longest : Earliest(first);
        _name = _point < 0 ? "" : names[_point];
        (_requests, _replies) = (names.NumberOf(_name + " (requests)"), names.NumberOf(_name + " (replies)"));
    }

    private static int LongestTrip(ReadOnlySpan<Sighting> first)
    {
        var asked = new Dictionary<(ulong Number, int Point), long>();
        var longest = new Dictionary<ulong, (long Ns, int Point)>();
        foreach (ref readonly var sighting in first)
        {
            var at = (sighting.A, sighting.Point);
            if (sighting.B == 0)
            {
                asked.TryAdd(at, sighting.StampNs);
            }
            else if (asked.Remove(at, out var askedNs) && sighting.StampNs - askedNs is var trip && (!longest.TryGetValue(sighting.A, out var so) || trip > so.Ns))
            {
                longest[sighting.A] = (trip, sighting.Point);
            }
        }

        return Most(longest.Values);
    }

    private static int Earliest(ReadOnlySpan<Sighting> first)
    {
        var earliest = new Dictionary<ulong, (long Ns, int Point)>();
        foreach (ref readonly var sighting in first)
        {
            if (sighting.B == 0 && (!earliest.TryGetValue(sighting.A, out var so) || sighting.StampNs < so.Ns)) earliest[sighting.A] = (sighting.StampNs, sighting.Point);
        }

        return earliest.Count > 0 ? Most(earliest.Values) : first.Length > 0 ? first[0].Point : -1;
    }

    private static int Most(IEnumerable<(long Ns, int Point)> votes) =>
        votes.GroupBy(e => e.Point).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key).FirstOrDefault(-1);

    /// <summary>The ends of the round trip.</summary>
    public FlowEnds EndsOf(FlowKey key) => FlowEnds.Of(new FlowContext(0, key.Name), _name + " (requests)", _name + " (replies)");

    /// <inheritdoc/>
    public void Number(Span<Sighting> sightings)
    {
        foreach (ref var sighting in sightings)
        {
            if (sighting.Point != _point)
            {
                sighting.A = unchecked((ulong)RowNumbers.None);
                continue;
            }

            // Both ways share one count: a reply bears its request's number.
            sighting.A = (ulong)_numbers.Unwrap(0, (long)sighting.A, sighting.StampNs);
            sighting.Point = sighting.B == 0 ? _requests : _replies;
            sighting.B = unchecked((ulong)RowWindow.Missing);
        }
    }

    /// <inheritdoc/>
    public void Restart() => _numbers.Restart();
}

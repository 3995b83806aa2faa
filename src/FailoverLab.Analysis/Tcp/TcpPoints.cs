namespace FailoverLab.Analysis;

/// <summary>Finds the point nearest to the sender of each direction of a TCP connection.</summary>
internal static class TcpPoints
{
    /// <summary>The points that see most segments of a direction first; one that saw none of its own is followed where the other is.</summary>
    /// <param name="first">The connection's first segments at all points.</param>
    public static (int Forward, int Backward) Nearest(ReadOnlySpan<Sighting> first)
    {
        var earliest = new Dictionary<(ulong, ulong), (long Ns, int Point)>();
        foreach (ref readonly var sighting in first)
        {
            var segment = (sighting.A, sighting.B);
            if (!earliest.TryGetValue(segment, out var so) || sighting.StampNs < so.Ns) earliest[segment] = (sighting.StampNs, sighting.Point);
        }

        var forward = Most(earliest.Where(e => !IsBackward(e.Key)).Select(e => e.Value.Point));
        var backward = Most(earliest.Where(e => IsBackward(e.Key)).Select(e => e.Value.Point));
        return (forward < 0 ? backward : forward, backward < 0 ? forward : backward);
    }

    private static bool IsBackward((ulong A, ulong B) segment) => segment.B >> 63 != 0;

    private static int Most(IEnumerable<int> points) =>
        points.GroupBy(p => p).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key).FirstOrDefault(-1);
}

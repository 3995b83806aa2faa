namespace FailoverLab.Analysis;

/// <summary>
/// A flow that was captured readable at both its ends and at no path, while the paths carried packets that could not be read: it must have
/// been among those.
/// </summary>
/// <param name="Key">The flow.</param>
/// <param name="Name">Its name in the record.</param>
/// <param name="SentPoint">Where it is sent.</param>
/// <param name="ReceivedPoint">Where it arrives.</param>
/// <param name="Opaque">The flows it may be hidden in, each at a point.</param>
internal sealed record HiddenFlow(FlowKey Key, string Name, string SentPoint, string ReceivedPoint, IReadOnlyList<(string Point, FlowKey Flow)> Opaque)
{
    /// <summary>Opaque flows looked at on one point; of more those with the most packets.</summary>
    private const int MostPerPoint = 16;

    // A tunnel carries a packet for every probe; far fewer packets are something else.
    private const double LeastShare = 0.5;

    /// <summary>The hidden flows of a pass that has run.</summary>
    public static IReadOnlyList<HiddenFlow> Find(CapturePass pass)
    {
        if (!pass.Lanes.Any(l => l.Track is GenericTrack)) return [];
        var opaque = pass.Lanes.Where(l => l.Track is GenericTrack).Select(l => (l.Key, Track: (GenericTrack)l.Track!))
            .SelectMany(g => g.Track.PathPoints.Select(p => (Point: pass.Shared.Names[p], g.Key, g.Track.Packets)))
            .GroupBy(g => g.Point)
            .SelectMany(g => g.OrderByDescending(f => f.Packets).ThenBy(f => f.Key.Name, StringComparer.Ordinal).Take(MostPerPoint))
            .OrderBy(g => g.Point, StringComparer.Ordinal).ThenBy(g => g.Key.Name, StringComparer.Ordinal).ToList();
        if (opaque.Count == 0) return [];
        var packets = opaque.Sum(o => o.Packets);
        return [.. pass.Lanes.Select(l => Of(l, [.. opaque.Select(o => (o.Point, o.Key))], packets)).OfType<HiddenFlow>()];
    }

    private static HiddenFlow? Of(FlowLane lane, IReadOnlyList<(string Point, FlowKey Flow)> opaque, long packets)
    {
        if (lane.Key.Kind is not (FlowKeyKind.Probe or FlowKeyKind.ProbeEcho) || lane.Track is not SequencedTrack { Result: { } flow } track) return null;
        if (!flow.Ends.HasSender || !flow.Ends.HasReceiver || packets < LeastShare * (flow.Count - flow.Lost) || track.Points.Any(p => p.Path >= 0)) return null;
        var sent = PointOf(track, p => p.IsSender);
        var received = PointOf(track, p => p.IsReceiver);
        return sent is null || received is null ? null : new HiddenFlow(lane.Key, flow.Name, sent, received, opaque);
    }

    private static string? PointOf(SequencedTrack track, Func<FlowPoint, bool> isEnd) =>
        track.Points.Where(isEnd).Select(p => p.Name).Order(StringComparer.Ordinal).FirstOrDefault();
}

namespace FailoverLab.Analysis;

/// <summary>
/// Follows the packets of one flow from clock to clock. Only what is known without clocks is used: a flow's packets are with its sender before anybody else has them,
/// and with its receiver after everybody; who these are is known from the plan or from addresses.
/// </summary>
internal sealed class ClockWatch
{
    private readonly LaneContext _context;
    private readonly List<Place> _places = [];

    private ClockWatch(LaneContext context) => _context = context;

    /// <summary>A watch for a flow; absent where nothing can be learnt from it.</summary>
    /// <param name="ends">The flow's ends.</param>
    /// <param name="ordinal">Its place in order of appearance: the first flows of many are enough.</param>
    /// <param name="context">What all flows share.</param>
    public static ClockWatch? Of(FlowEnds ends, int ordinal, LaneContext context) =>
        context.Plan.Clocks.Count > 0 && ends is { AreGiven: true, HasSender: true } && ordinal < LaneContext.DetailedFlows ? new ClockWatch(context) : null;

    /// <summary>Least delays between two clocks, by the names of their hosts; the reference clock has none.</summary>
    public IEnumerable<(string? From, string? To, DelayFloor Floor)> Floors
    {
        get
        {
            var (sender, receiver) = (_places.Find(p => p.Point.IsSender), _places.Find(p => p.Point.IsReceiver && !p.Point.IsSender));
            foreach (var place in _places)
            {
                if (sender is not null && place.Host != sender.Host) yield return (sender.Host, place.Host, place.FromSender);
                if (receiver is not null && place.Host != receiver.Host) yield return (place.Host, receiver.Host, place.ToReceiver);
            }
        }
    }

    /// <summary>Takes the next settled packet.</summary>
    public void Add(FlowPoints points, RowWindow rows, long number)
    {
        for (; _places.Count < points.Count;) _places.Add(new Place(points[_places.Count], _context));
        var (sentNs, receivedNs, paths) = (long.MaxValue, long.MinValue, 0UL);
        for (var slot = 0; slot < _places.Count; slot++)
        {
            var seen = rows.AtPoint(slot, number);
            if (seen == RowWindow.Missing) continue;
            var point = _places[slot].Point;
            if (point.IsSender) sentNs = Math.Min(sentNs, seen);
            else if (point.IsReceiver) receivedNs = Math.Max(receivedNs, seen);
            if (point.Path >= 0) paths |= 1UL << point.Path;
        }

        // Of a packet sent over several paths, one copy may be under way when another has arrived. And what was found within a tunnel may be another packet.
        var isOneCopy = (paths & (paths - 1)) == 0 && !_context.FindsHiddenFlows;
        for (var slot = 0; slot < _places.Count; slot++)
        {
            var seen = rows.AtPoint(slot, number);
            var place = _places[slot];
            if (seen == RowWindow.Missing || place.Point.IsSender || (!place.Point.IsReceiver && _context.FindsHiddenFlows)) continue;
            if (sentNs != long.MaxValue) place.FromSender.Add(seen, seen - sentNs);
            if (receivedNs != long.MinValue && isOneCopy && !place.Point.IsReceiver) place.ToReceiver.Add(receivedNs, receivedNs - seen);
        }
    }

    private sealed class Place(FlowPoint point, LaneContext context)
    {
        public FlowPoint Point => point;

        /// <summary>Whose clock stamps it; <see langword="null"/> for the reference clock.</summary>
        public string? Host { get; } = context.Plan.Clocks.FirstOrDefault(c => c.Point == point.Name)?.Host;

        public DelayFloor FromSender { get; } = new(context.Grid.StartNs);

        public DelayFloor ToReceiver { get; } = new(context.Grid.StartNs);
    }
}

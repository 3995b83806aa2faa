namespace FailoverLab.Analysis;

/// <summary>One flow over time.</summary>
internal sealed class FlowSeriesWatch(BinGrid grid, int pathCount)
{
    private readonly BinnedCounts?[] _carried = new BinnedCounts?[pathCount];

    /// <summary>Packets sent, by sending.</summary>
    public BinnedCounts Sent { get; } = new(grid);

    /// <summary>Packets received, by arrival.</summary>
    public BinnedCounts Received { get; } = new(grid);

    /// <summary>Bytes received on the wire, by arrival.</summary>
    public BinnedCounts Bytes { get; } = new(grid);

    /// <summary>Packets lost, by sending.</summary>
    public BinnedCounts Lost { get; } = new(grid);

    /// <summary>One-way delays, by sending.</summary>
    public BinnedMedians Delays { get; } = new(grid);

    /// <summary>Packets by the path they entered, by sending; absent for a path never entered.</summary>
    public IReadOnlyList<BinnedCounts?> Carried => _carried;

    /// <summary>How often the widest of them was doubled.</summary>
    public int Doublings
    {
        get
        {
            var most = Math.Max(Math.Max(Sent.Doublings, Received.Doublings), Math.Max(Math.Max(Bytes.Doublings, Lost.Doublings), Delays.Doublings));
            foreach (var carried in _carried) most = Math.Max(most, carried?.Doublings ?? 0);
            return most;
        }
    }

    /// <summary>Counts arrivals, in order of time.</summary>
    /// <param name="arrivals">One at least.</param>
    /// <param name="bytes">Bytes on the wire, of all.</param>
    public void Receive(ReadOnlySpan<Sighting> arrivals, long bytes)
    {
        var (firstNs, lastNs) = (arrivals[0].StampNs, arrivals[^1].StampNs);
        if (arrivals.Length > 1 && !Received.IsOneBin(firstNs, lastNs))
        {
            var half = arrivals[..(arrivals.Length / 2)];
            var halfBytes = 0L;
            foreach (ref readonly var arrival in half) halfBytes += arrival.Length;
            Receive(half, halfBytes);
            Receive(arrivals[half.Length..], bytes - halfBytes);
            return;
        }

        Received.Add(firstNs, arrivals.Length);
        Bytes.Add(firstNs, bytes);
    }

    /// <summary>Counts a packet that entered a path.</summary>
    public void Enter(int path, long sendNs) => (_carried[path] ??= new BinnedCounts(grid)).Add(sendNs);
}

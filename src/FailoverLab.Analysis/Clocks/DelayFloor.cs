namespace FailoverLab.Analysis;

/// <summary>
/// The least delay from one clock to another, slice by slice of time: queues and jitter only ever add, so of many packets the least tells most. What is kept
/// does not grow with the flow; slices become twice as wide when there are too many.
/// </summary>
/// <param name="startNs">Where slices begin, ns since the Unix epoch; what is earlier is put into the first.</param>
internal sealed class DelayFloor(long startNs)
{
    /// <summary>Most slices kept.</summary>
    public const int MostSlices = 2048;

    private const long FinestNs = 100_000_000;
    private static readonly LeastDelay None = new(0, long.MaxValue);

    private readonly List<LeastDelay> _slices = [];
    private long _widthNs = FinestNs;

    /// <summary>Packets taken.</summary>
    public long Packets { get; private set; }

    /// <summary>The least delay of each slice that has any, in order of the slices.</summary>
    public IEnumerable<LeastDelay> Slices => _slices.Where(s => s != None);

    /// <summary>Takes a packet.</summary>
    /// <param name="atNs">When it was at the later point, ns since the Unix epoch.</param>
    /// <param name="ns">Its delay by the two stamps.</param>
    public void Add(long atNs, long ns)
    {
        Packets++;
        Put(new LeastDelay(atNs, ns));
    }

    /// <summary>Takes all of another.</summary>
    public void Add(DelayFloor other)
    {
        Packets += other.Packets;
        foreach (var slice in other.Slices) Put(slice);
    }

    private void Put(LeastDelay delay)
    {
        var slice = Math.Max(0, delay.AtNs - startNs) / _widthNs;
        for (; slice >= MostSlices; slice /= 2) Double();
        while (_slices.Count <= slice) _slices.Add(None);
        if (delay.Ns < _slices[(int)slice].Ns) _slices[(int)slice] = delay;
    }

    private void Double()
    {
        for (var i = 0; i < _slices.Count; i += 2)
        {
            var (one, other) = (_slices[i], i + 1 < _slices.Count ? _slices[i + 1] : None);
            _slices[i / 2] = one.Ns <= other.Ns ? one : other;
        }

        _slices.RemoveRange((_slices.Count + 1) / 2, _slices.Count / 2);
        _widthNs *= 2;
    }
}

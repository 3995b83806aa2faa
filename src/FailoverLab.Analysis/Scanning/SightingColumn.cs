namespace FailoverLab.Analysis;

/// <summary>The packets of one flow seen at one point, in order of the file: parallel columns that grow by doubling.</summary>
internal sealed class SightingColumn
{
    private long[] _sequence = new long[1024];
    private long[] _stampNs = new long[1024];
    private long[] _headerNs = new long[1024];

    /// <summary>Packets seen.</summary>
    public int Count { get; private set; }

    /// <summary>Sequence numbers.</summary>
    public ReadOnlySpan<long> Sequence => _sequence.AsSpan(0, Count);

    /// <summary>Capture stamps, ns since the Unix epoch.</summary>
    public ReadOnlySpan<long> StampNs => _stampNs.AsSpan(0, Count);

    /// <summary>Send stamps the packets carry, ns since the Unix epoch on the sender's clock.</summary>
    public ReadOnlySpan<long> HeaderNs => _headerNs.AsSpan(0, Count);

    /// <summary>Appends a packet.</summary>
    public void Add(long sequence, long stampNs, long headerNs)
    {
        if (Count == _sequence.Length)
        {
            Array.Resize(ref _sequence, Count * 2);
            Array.Resize(ref _stampNs, Count * 2);
            Array.Resize(ref _headerNs, Count * 2);
        }

        _sequence[Count] = sequence;
        _stampNs[Count] = stampNs;
        _headerNs[Count] = headerNs;
        Count++;
    }

    /// <summary>
    /// Several points of one host as one: of a packet that more than one of them saw, only the point that saw most of the flow counts, so
    /// that passing two interfaces makes no duplicate.
    /// </summary>
    public static SightingColumn Join(IReadOnlyList<SightingColumn> columns)
    {
        if (columns.Count == 1) return columns[0];
        var joined = new SightingColumn();
        var owners = new Dictionary<long, SightingColumn>();
        foreach (var column in columns.OrderByDescending(c => c.Count))
        {
            for (var i = 0; i < column.Count; i++)
            {
                owners.TryAdd(column._sequence[i], column);
                if (owners[column._sequence[i]] == column) joined.Add(column._sequence[i], column._stampNs[i], column._headerNs[i]);
            }
        }

        return joined;
    }

    /// <summary>Appends another file's packets of the same point.</summary>
    public void Add(SightingColumn other)
    {
        for (var i = 0; i < other.Count; i++) Add(other._sequence[i], other._stampNs[i], other._headerNs[i]);
    }
}

namespace FailoverLab.Analysis;

/// <summary>One flow's way across one link.</summary>
internal sealed class LinkTransit(int path, bool bothEnds, BinGrid grid, LinkStretches? stretches)
{
    private readonly BinnedMedians _delaySeries = new(grid);
    private readonly BinnedCounts _byteSeries = new(grid);
    private int _siteSlot = -1;
    private int _farSlot = -1;
    private long _firstAtSite;
    private long _firstAtFar;
    private long _siteFirst;
    private long _farFirst;

    /// <summary>Index of the path.</summary>
    public int Path => path;

    /// <summary>Whether both ends were captured; only then does a missing exit mean loss.</summary>
    public bool BothEnds => bothEnds;

    /// <summary>What was met in stretches in which something certain was asked of the link; absent where nothing was.</summary>
    public LinkStretches? Stretches => stretches;

    /// <summary>Packets that went in.</summary>
    public long Entered { get; private set; }

    /// <summary>Packets that went in and never came out.</summary>
    public long Lost { get; private set; }

    /// <summary>Delay from entry to exit, ns.</summary>
    public ValueDistribution Delays { get; } = new();

    /// <summary>That delay over time, by entry.</summary>
    public BinnedMedians DelaySeries => _delaySeries;

    /// <summary>Bytes of the packets that came out, or were seen at the only end captured.</summary>
    public long Bytes { get; private set; }

    /// <summary>Those bytes over time.</summary>
    public BinnedCounts ByteSeries => _byteSeries;

    /// <summary>Whether packets go in at the site's end.</summary>
    public bool FromSite => _siteFirst + _farFirst > 0
        ? _siteFirst >= _farFirst
        : _firstAtFar == 0 || (_firstAtSite != 0 && _firstAtSite <= _firstAtFar);

    /// <summary>Entry of the latest packet that came out, ns since the Unix epoch; <see cref="RowWindow.Missing"/> = none since the working path changed.</summary>
    public long LastThroughNs { get; private set; } = RowWindow.Missing;

    /// <summary>When that packet came out.</summary>
    public long LastOutNs { get; private set; }

    /// <summary>Packets that came out lately.</summary>
    public RateRing Rates { get; } = new();

    /// <summary>Its row.</summary>
    public long LastThroughRow { get; private set; } = long.MinValue;

    /// <summary>Packets of the flow lost since that one.</summary>
    public int LostSinceThrough { get; private set; }

    /// <summary>When the first of them went in, or was sent where it did not even get into the link.</summary>
    public long FirstLostNs { get; private set; } = RowWindow.Missing;

    /// <summary>Names the slot of the point at one end.</summary>
    public void SetEnd(bool site, int slot)
    {
        if (site) _siteSlot = slot;
        else _farSlot = slot;
    }

    /// <summary>Counts a settled packet.</summary>
    /// <param name="rows">The flow's rows.</param>
    /// <param name="row">The packet.</param>
    /// <param name="isLost">Whether the flow lost it.</param>
    /// <returns>When it went in and came out; <see cref="RowWindow.Missing"/> where it did not.</returns>
    public (long EntryNs, long ExitNs) Add(RowWindow rows, long row, bool isLost)
    {
        var atSite = _siteSlot < 0 ? RowWindow.Missing : rows.AtPoint(_siteSlot, row);
        var atFar = _farSlot < 0 ? RowWindow.Missing : rows.AtPoint(_farSlot, row);
        Orient(atSite, atFar);
        var (entry, exit) = FromSite ? (atSite, atFar) : (atFar, atSite);
        if ((bothEnds || exit != RowWindow.Missing ? exit : entry) is var through && through != RowWindow.Missing)
        {
            Bytes += rows[row].Length;
            _byteSeries.Add(through, rows[row].Length);
        }

        if (entry != RowWindow.Missing)
        {
            Entered++;
            stretches?.Add(FromSite, entry, exit, rows[row].Length);
            if (exit == RowWindow.Missing)
            {
                Lost++;
            }
            else
            {
                Delays.Add(exit - entry);
                _delaySeries.Add(entry, exit - entry);
            }
        }

        if (exit != RowWindow.Missing)
        {
            (LastThroughNs, LastOutNs, LastThroughRow) = (entry == RowWindow.Missing ? exit : entry, exit, row);
            Rates.Add(exit, entry == RowWindow.Missing ? 0 : exit - entry, rows.Holds(row - 1) ? rows[row].SendNs - rows[row - 1].SendNs : 0);
            (LostSinceThrough, FirstLostNs) = (0, RowWindow.Missing);
        }
        else if (isLost && LostSinceThrough++ == 0)
        {
            FirstLostNs = entry != RowWindow.Missing ? entry : rows[row].SendNs;
        }

        return (entry, exit);
    }

    private void Orient(long atSite, long atFar)
    {
        if (atSite != RowWindow.Missing && _firstAtSite == 0) _firstAtSite = atSite;
        if (atFar != RowWindow.Missing && _firstAtFar == 0) _firstAtFar = atFar;
        if (atSite == RowWindow.Missing || atFar == RowWindow.Missing) return;
        if (atSite <= atFar) _siteFirst++;
        else _farFirst++;
    }
}

namespace FailoverLab.Analysis;

/// <summary>Finds the paths a flow uses, and how long their packets are and take, before anything of them is known.</summary>
internal sealed class PathSeeker
{
    // Outer headers of the two IP versions differ by this much.
    private const int VersionStep = 20;
    private const int FewestProbes = 8;

    private readonly TransitScan _scan;
    private readonly PathModel[] _models;
    private readonly PathLedger[] _ledgers;
    private readonly long _reachNs;
    private readonly Column<ProbePassage> _class = new();
    private readonly Column<ProbePassage> _sample = new();

    public PathSeeker(ProvenanceOptions options, PathModel[] models, PathLedger[] ledgers)
    {
        (_models, _ledgers) = (models, ledgers);
        _scan = new TransitScan(options.ShortestNs, options.LongestNs, options.LargestOverhead + 1);
        _reachNs = options.ReachNs;
    }

    /// <summary>Looks for paths not known yet among a block's probes.</summary>
    /// <returns>Whether anything was found.</returns>
    public bool SeekNew(ReadOnlySpan<ProbePassage> probes)
    {
        var isFirst = !_models.Any(m => m.IsKnown);
        return Seek(probes, model => !model.IsKnown, isThorough: isFirst);
    }

    /// <summary>Looks on all paths for probes that nothing explains.</summary>
    /// <param name="unexplained">These probes.</param>
    /// <param name="isThorough">Whether any overhead is possible, or those of other paths only.</param>
    /// <returns>Whether anything was found.</returns>
    public bool SeekLost(ReadOnlySpan<ProbePassage> unexplained, bool isThorough) => Seek(unexplained, _ => true, isThorough);

    private bool Seek(ReadOnlySpan<ProbePassage> probes, Func<PathModel, bool> isWanted, bool isThorough)
    {
        var hasFound = false;
        for (var residue = 0; residue < 16; residue++)
        {
            OfClass(probes, residue);
            if (_class.Count < FewestProbes) continue;
            for (var k = 0; k < _models.Length; k++)
            {
                if (isWanted(_models[k]) || !_models[k].Knows(residue)) hasFound |= Look(_class.Span, residue, k, isThorough);
            }
        }

        return hasFound;
    }

    private bool Look(ReadOnlySpan<ProbePassage> probes, int residue, int path, bool isThorough)
    {
        var (model, ledger) = (_models[path], _ledgers[path]);
        if (model.Knows(residue)) return Refind(probes, residue, path);
        var known = _models.SelectMany(m => m.Overheads).SelectMany(o => (int[])[o - VersionStep, o, o + VersionStep]).Where(o => o >= 0).Distinct().Order().ToList();
        var trace = known.Count > 0 ? _scan.FromEntry(probes, ledger, known) : null;
        if (trace is null && isThorough) trace = _scan.FromEntry(Sample(probes), ledger, null);
        if (trace is not { } found) return false;
        model.Found(residue, found, _scan.ToExit(probes, ledger, found.Overhead), _reachNs);
        return true;
    }

    /// <summary>A known path whose delay may have moved.</summary>
    private bool Refind(ReadOnlySpan<ProbePassage> probes, int residue, int path)
    {
        var overhead = _models[path].OuterLength(residue) - residue;
        if (_scan.FromEntry(probes, _ledgers[path], [overhead]) is not { } found) return false;
        _models[path].Found(residue, found, _scan.ToExit(probes, _ledgers[path], overhead), _reachNs);
        return true;
    }

    private void OfClass(ReadOnlySpan<ProbePassage> probes, int residue)
    {
        _class.Clear();
        foreach (ref readonly var probe in probes)
        {
            if ((probe.Size & 15) == residue) _class.Add(probe);
        }
    }

    /// <summary>Not more than are needed to look at every overhead, spread over all.</summary>
    private ReadOnlySpan<ProbePassage> Sample(ReadOnlySpan<ProbePassage> probes)
    {
        if (probes.Length <= TransitScan.EnoughProbes) return probes;
        _sample.Clear();
        for (var i = 0; i < TransitScan.EnoughProbes; i++) _sample.Add(probes[(int)((long)i * probes.Length / TransitScan.EnoughProbes)]);
        return _sample.Span;
    }
}

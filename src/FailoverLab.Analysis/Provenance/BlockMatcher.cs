namespace FailoverLab.Analysis;

/// <summary>Decides the probes of one block: learns the paths from the block and what follows it, then weighs all candidates together.</summary>
internal sealed class BlockMatcher
{
    private const int FirstRounds = 4;
    private const int LaterRounds = 2;

    // From this probability on a packet teaches what transits are like.
    private const double TeachesFrom = 0.9;
    private const double MuchUnexplained = 0.05;

    private readonly PathModel[] _models;
    private readonly PathLedger[] _ledgers;
    private readonly PathCandidates[] _candidates;
    private readonly CarrierChain _chain;
    private readonly PathSeeker _seeker;
    private readonly ProvenanceOptions _options;
    private readonly double[] _presence;
    private readonly double[] _fit;
    private readonly double[] _hindsight;
    private readonly double[] _seen;
    private readonly Column<long> _in = new();
    private readonly Column<long> _out = new();
    private readonly Column<double> _carried = new();
    private readonly Column<double> _delivered = new();
    private readonly Column<double> _lost = new();
    private readonly List<ProbePassage> _unexplained = [];

    public BlockMatcher(ProvenanceOptions options, PathModel[] models, PathLedger[] ledgers)
    {
        (_options, _models, _ledgers) = (options, models, ledgers);
        _candidates = [.. models.Select(_ => new PathCandidates())];
        _chain = new CarrierChain(models.Length);
        _seeker = new PathSeeker(options, models, ledgers);
        (_presence, _fit) = (new double[models.Length], new double[models.Length]);
        (_hindsight, _seen) = (new double[models.Length], new double[models.Length]);
    }

    /// <summary>Matches a block.</summary>
    /// <param name="probes">Probes to decide, and those after them to learn from.</param>
    /// <param name="decide">How many are decided.</param>
    /// <param name="decided">Takes each.</param>
    public void Match(ReadOnlySpan<ProbePassage> probes, int decide, Action<ProbeProvenance> decided)
    {
        var isNew = _seeker.SeekNew(probes);
        Weigh(probes, isNew ? FirstRounds : LaterRounds);
        if (FindUnexplained(probes) >= 8
            && _seeker.SeekLost(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_unexplained), _unexplained.Count > MuchUnexplained * probes.Length))
        {
            Weigh(probes, FirstRounds);
        }

        for (var i = 0; i < decide; i++) decided(Decide(probes, i));
        if (decide > 0) _chain.StartAfter(decide - 1);
    }

    private void Weigh(ReadOnlySpan<ProbePassage> probes, int rounds)
    {
        _chain.Begin(probes.Length);
        foreach (var candidates in _candidates) candidates.Begin(probes.Length);
        foreach (var ledger in _ledgers)
        {
            ledger.Unclaim();
            ledger.SumForeign();
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var k = 0; k < _models.Length; k++)
            {
                if (_models[k].IsKnown) _candidates[k].Find(probes, _ledgers[k], _models[k], _options);
            }

            for (var i = 0; i < probes.Length; i++) Weigh(i, probes[i].IsDelivered);
            _chain.Run(probes.Length);
            _chain.Learn(probes.Length);
            for (var k = 0; k < _models.Length; k++)
            {
                if (_models[k].IsKnown) Learn(k, probes);
            }
        }
    }

    private void Weigh(int probe, bool isDelivered)
    {
        Load(probe);
        var evidence = _chain.EvidenceOf(probe);
        var most = 0.0;
        for (var s = 0; s < evidence.Length; s++)
        {
            evidence[s] = IsUsable(_chain.Sets[s]) ? PassageEvidence.Of(isDelivered, _chain.Sets[s], _models, _presence, _fit) : 0;
            most = Math.Max(most, evidence[s]);
        }

        if (most > 0)
        {
            foreach (ref var value in evidence) value /= most;
        }
    }

    private void Load(int probe)
    {
        for (var k = 0; k < _models.Length; k++)
        {
            (_presence[k], _fit[k], _hindsight[k]) = _models[k].IsKnown
                ? (_candidates[k].Presence[probe], _candidates[k].Fit[probe], _candidates[k].Hindsight[probe])
                : (0, 0, 0);
        }
    }

    private bool IsUsable(uint set)
    {
        for (var k = 0; k < _models.Length; k++)
        {
            if ((set >> k & 1) != 0 && !_models[k].IsKnown) return false;
        }

        return true;
    }

    /// <summary>Probability that a probe was seen on each path.</summary>
    private ReadOnlySpan<double> SeenOf(int probe, bool isDelivered)
    {
        Load(probe);
        var shares = _chain.ShareOf(probe);
        for (var k = 0; k < _models.Length; k++)
        {
            _seen[k] = 0;
            for (var s = 0; s < shares.Length; s++)
            {
                _seen[k] += shares[s] * PassageEvidence.SeenOn(k, isDelivered, _chain.Sets[s], _models[k], _presence[k], _hindsight[k]);
            }
        }

        return _seen;
    }

    private void Learn(int path, ReadOnlySpan<ProbePassage> probes)
    {
        var (model, ledger) = (_models[path], _ledgers[path]);
        _carried.Clear();
        _delivered.Clear();
        _lost.Clear();
        _in.Clear();
        _out.Clear();
        ledger.Unclaim();
        for (var i = 0; i < probes.Length; i++)
        {
            ref readonly var probe = ref probes[i];
            var seen = SeenOf(i, probe.IsDelivered)[path];
            var (here, alone) = ShareHere(i, path);
            _candidates[path].Here[i] = here + NoneShare(i);

            // What became of one of two copies is not known: such a probe teaches nothing of losses.
            if (here > 0.5) _carried.Add(_hindsight[path]);
            if (alone > 0.5) (probe.IsDelivered ? _delivered : _lost).Add(_hindsight[path]);
            if (_candidates[path].Given[i] is var packet && packet == PathCandidates.None) continue;
            ledger.Claim(packet, seen);
            if (seen < TeachesFrom || _presence[path] < 1) continue;
            _in.Add(ledger.StampOf(packet) - probe.EntryNs);
            if (probe.IsDelivered && alone > 0.5 && _options.HasExits) _out.Add(probe.ExitNs - ledger.StampOf(packet));
        }

        _candidates[path].SpreadHere(probes);
        model.LearnAlone(_delivered.Span, _lost.Span);
        model.LearnVisible(_carried.Span);
        model.In.Learn(Sorted(_in));
        model.Out.Learn(Sorted(_out));
        ledger.SumForeign();
    }

    /// <summary>Probability that a path carried a probe, and that it alone did.</summary>
    private (double Here, double Alone) ShareHere(int probe, int path)
    {
        var shares = _chain.ShareOf(probe);
        var (here, alone) = (0.0, 0.0);
        for (var s = 0; s < shares.Length; s++)
        {
            if ((_chain.Sets[s] >> path & 1) == 0) continue;
            here += shares[s];
            if (uint.IsPow2(_chain.Sets[s])) alone += shares[s];
        }

        return (here, alone);
    }

    private int FindUnexplained(ReadOnlySpan<ProbePassage> probes)
    {
        _unexplained.Clear();
        for (var i = 0; i < probes.Length; i++)
        {
            if (NoneShare(i) > 0.5) _unexplained.Add(probes[i]);
        }

        return _unexplained.Count;
    }

    /// <summary>Probability that no known path carried a probe.</summary>
    private double NoneShare(int probe) => _chain.ShareOf(probe)[0];

    private ProbeProvenance Decide(ReadOnlySpan<ProbePassage> probes, int probe)
    {
        var seen = SeenOf(probe, probes[probe].IsDelivered);

        // A flow that was found nowhere may be anywhere.
        var (mask, confidence) = (0u, _models.Any(m => m.IsKnown) ? 1.0 : 0.5);
        for (var k = 0; k < seen.Length; k++)
        {
            confidence = Math.Min(confidence, Math.Max(seen[k], 1 - seen[k]));
            if (seen[k] <= 0.5) continue;
            mask |= 1u << k;
            if (_candidates[k].Given[probe] is var packet && packet != PathCandidates.None) _ledgers[k].Take(packet);
        }

        // What came out went somewhere: where no known path explains it, nothing is certain.
        if (probes[probe].IsDelivered && NoneShare(probe) > 0.5) confidence = 0.5;
        var shares = _chain.ShareOf(probe);
        var likeliest = 0;
        for (var s = 1; s < shares.Length; s++)
        {
            if (shares[s] > shares[likeliest]) likeliest = s;
        }

        return new ProbeProvenance(probes[probe].Sequence, mask, _chain.Sets[likeliest], confidence);
    }

    private static ReadOnlySpan<long> Sorted(Column<long> values)
    {
        values.Span.Sort();
        return values.Span;
    }
}

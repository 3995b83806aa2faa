namespace FailoverLab.Analysis;

/// <summary>
/// The packets of one path that may be the probes of a block: right length, possible time. A packet is given to the probe it fits best, and
/// no other probe counts it then.
/// </summary>
internal sealed class PathCandidates
{
    /// <summary>Marks a probe without a packet.</summary>
    public const int None = -1;

    // How far outside the learned transits a packet may still be the probe: a tunnel end that stalls sends late.
    private const long SlackNs = 50_000_000;
    private const double FaintestScore = 1e-6;

    private readonly CandidateOrder _order = new();
    private readonly Column<int> _probe = new();
    private readonly Column<int> _packet = new();
    private readonly Column<long> _stamp = new();
    private readonly Column<double> _presence = new();
    private readonly Column<double> _fit = new();
    private readonly Column<double> _weight = new();
    private readonly Column<double> _key = new();
    private readonly Column<int> _rank = new();
    private int[] _starts = [];
    private double[] _none = [];
    private int[] _owner = [];

    /// <summary>By probe: how much more likely its candidates are with the probe on this path than without; 0 where there is none.</summary>
    public double[] Presence { get; private set; } = [];

    /// <summary>The same with the time of its exit taken into account, against any exit time being alike; delivered probes only.</summary>
    public double[] Fit { get; private set; } = [];

    /// <summary>By probe: the packet it was given, or <see cref="None"/>.</summary>
    public int[] Given { get; private set; } = [];

    /// <summary>By probe: probability that this path carried it by the last round's evidence; 0 before the first.</summary>
    public double[] Here { get; private set; } = [];

    /// <summary>Begins a block.</summary>
    public void Begin(int probes)
    {
        if (Presence.Length < probes)
        {
            (Presence, Fit, Given, Here) = (new double[probes], new double[probes], new int[probes], new double[probes]);
            (_starts, _none) = (new int[probes + 1], new double[probes]);
        }

        Array.Clear(Here);
    }

    /// <summary>Finds the candidates of all probes.</summary>
    /// <param name="probes">The block's probes.</param>
    /// <param name="ledger">The path's packets.</param>
    /// <param name="model">What is known of the path; must be known at all.</param>
    /// <param name="options">What is known before.</param>
    public void Find(ReadOnlySpan<ProbePassage> probes, PathLedger ledger, PathModel model, ProvenanceOptions options)
    {
        Collect(probes, ledger, model, options);
        var factors = _order.Factors(
            _starts.AsSpan(0, probes.Length + 1), _stamp.Span, _weight.Span, _none.AsSpan(0, probes.Length), probes, Here, model.In);
        for (var j = 0; j < _probe.Count; j++)
        {
            _presence.Span[j] *= factors[j];
            _fit.Span[j] *= factors[j];
            _key.Add(-_fit.Span[j]);
            _rank.Add(j);
        }

        Give(probes.Length, ledger.Count);
        Sum(probes.Length);
    }

    private void Collect(ReadOnlySpan<ProbePassage> probes, PathLedger ledger, PathModel model, ProvenanceOptions options)
    {
        Clear();
        var slack = SlackNs + (model.In.HighNs - model.In.LowNs);
        var (low, high) = (Math.Max(model.In.LowNs - slack, options.ShortestNs), Math.Min(model.In.HighNs + slack, options.LongestNs));
        var reachSeconds = options.ReachNs / 1e9;
        for (var i = 0; i < probes.Length; i++)
        {
            ref readonly var probe = ref probes[i];
            _starts[i] = _probe.Count;
            _none[i] = probe.IsDelivered ? model.Missed : 1 - model.SeenThoughLost;
            var length = model.OuterLength(probe.Size);
            var rate = -1.0;
            foreach (var packet in ledger.Between(length, probe.EntryNs + low, probe.EntryNs + high))
            {
                var stamp = ledger.StampOf(packet);
                if (rate < 0) rate = ledger.ForeignRate(length, probe.EntryNs + model.In.LowNs);
                var presence = model.In.At(stamp - probe.EntryNs) / rate;
                var fit = probe.IsDelivered ? presence * model.Out.At(probe.ExitNs - stamp) * reachSeconds : presence;
                if (fit < FaintestScore && presence < FaintestScore) continue;
                _probe.Add(i);
                _packet.Add(packet);
                _stamp.Add(stamp);
                _presence.Add(presence);
                _fit.Add(fit);
                _weight.Add(fit * (probe.IsDelivered ? 1 : model.SeenThoughLost));
            }
        }

        _starts[probes.Length] = _probe.Count;
    }

    private void Clear()
    {
        _probe.Clear();
        _packet.Clear();
        _stamp.Clear();
        _presence.Clear();
        _fit.Clear();
        _weight.Clear();
        _key.Clear();
        _rank.Clear();
    }

    /// <summary>Best fit first.</summary>
    private void Give(int probes, int packets)
    {
        if (_owner.Length < packets) _owner = new int[packets];
        Array.Fill(Given, None, 0, probes);
        Array.Fill(_owner, None, 0, packets);
        _key.Span.Sort(_rank.Span);
        foreach (var j in _rank.Span)
        {
            var (probe, packet) = (_probe.Span[j], _packet.Span[j]);
            if (Given[probe] != None || _owner[packet] != None) continue;
            (Given[probe], _owner[packet]) = (packet, probe);
        }
    }

    private void Sum(int probes)
    {
        Array.Clear(Presence, 0, probes);
        Array.Clear(Fit, 0, probes);
        for (var j = 0; j < _probe.Count; j++)
        {
            var probe = _probe.Span[j];
            if (_owner[_packet.Span[j]] is var owner && owner != None && owner != probe) continue;
            Presence[probe] += _presence.Span[j];
            Fit[probe] += _fit.Span[j];
        }
    }
}

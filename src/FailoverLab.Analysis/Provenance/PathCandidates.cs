namespace FailoverLab.Analysis;

/// <summary>
/// The packets of one path that may be the probes of a block: right length, possible time. A packet is given to the probe it fits best, and
/// counts little for the others then.
/// </summary>
internal sealed class PathCandidates
{
    /// <summary>Marks a probe without a packet.</summary>
    public const int None = -1;

    // How far outside the learned transits a packet may still be the probe: a tunnel end that stalls sends late.
    private const long SlackNs = 50_000_000;
    private const double FaintestScore = 1e-6;

    // A packet given to one probe may still have been another's, if that one came out and must have had one.
    private const double TakenShare = 0.02;

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

    /// <summary>As <see cref="Fit"/> (of a lost probe, <see cref="Presence"/>), with what the probes behind it say: for each probe by itself, not to
    /// be multiplied over several.</summary>
    public double[] Hindsight { get; private set; } = [];

    /// <summary>By probe: the packet it was given, or <see cref="None"/>.</summary>
    public int[] Given { get; private set; } = [];

    /// <summary>By probe: probability that this path carried it by the last round's evidence; 0 before the first.</summary>
    public double[] Here { get; private set; } = [];

    /// <summary>Begins a block.</summary>
    public void Begin(int probes)
    {
        if (Presence.Length < probes)
        {
            (Presence, Fit, Hindsight, Here) = (new double[probes], new double[probes], new double[probes], new double[probes]);
            (Given, _starts, _none) = (new int[probes], new int[probes + 1], new double[probes]);
        }

        Array.Clear(Here);
    }

    /// <summary>Lets <see cref="Here"/> fade out before and after rather than break off: a burst of late packets must not look like a change
    /// of paths only because each of them alone is unlikely.</summary>
    public void SpreadHere(ReadOnlySpan<ProbePassage> probes)
    {
        for (var i = 1; i < probes.Length; i++) Here[i] = Math.Max(Here[i], Here[i - 1] * Fade(probes[i].EntryNs - probes[i - 1].EntryNs));
        for (var i = probes.Length - 2; i >= 0; i--) Here[i] = Math.Max(Here[i], Here[i + 1] * Fade(probes[i + 1].EntryNs - probes[i].EntryNs));
    }

    /// <summary>Finds the candidates of all probes.</summary>
    /// <param name="probes">The block's probes.</param>
    /// <param name="ledger">The path's packets.</param>
    /// <param name="model">What is known of the path; must be known at all.</param>
    /// <param name="options">What is known before.</param>
    public void Find(ReadOnlySpan<ProbePassage> probes, PathLedger ledger, PathModel model, ProvenanceOptions options)
    {
        Collect(probes, ledger, model, options);
        _order.Run(
            _starts.AsSpan(0, probes.Length + 1), _stamp.Span, _weight.Span, _none.AsSpan(0, probes.Length), probes, Here, model.In);
        for (var j = 0; j < _probe.Count; j++)
        {
            _key.Add(-_fit.Span[j] * _order.Ahead[j] * _order.Behind[j]);
            _rank.Add(j);
        }

        Give(probes.Length, ledger.Count);
        Sum(probes);
    }

    private static double Fade(long gapNs) => Math.Max(0, 1 - (gapNs / (double)SlackNs));

    private void Collect(ReadOnlySpan<ProbePassage> probes, PathLedger ledger, PathModel model, ProvenanceOptions options)
    {
        Clear();
        var slack = SlackNs + (model.In.HighNs - model.In.LowNs);
        var (low, high) = (Math.Max(model.In.LowNs - slack, options.ShortestNs), Math.Min(model.In.HighNs + slack, options.LongestNs));
        for (var i = 0; i < probes.Length; i++)
        {
            ref readonly var probe = ref probes[i];
            _starts[i] = _probe.Count;
            _none[i] = probe.IsDelivered ? model.Missed : 1 - model.SeenThoughLost;
            var length = model.OuterLength(probe.Size);
            if (length < 0) continue;

            // Where a packet comes at a usual time, those at unusual ones are not worth a look.
            var usual = ledger.Between(length, probe.EntryNs + model.In.LowNs, probe.EntryNs + model.In.HighNs);
            if (Add(i, probe, usual, length, ledger, model, options) > 1) continue;
            Drop(_starts[i]);
            Add(i, probe, ledger.Between(length, probe.EntryNs + low, probe.EntryNs + high), length, ledger, model, options);
        }

        _starts[probes.Length] = _probe.Count;
    }

    /// <summary>Adds the packets as candidates.</summary>
    /// <returns>How well the best of them fits.</returns>
    private double Add(int i, in ProbePassage probe, ReadOnlySpan<int> packets, int length, PathLedger ledger, PathModel model, ProvenanceOptions options)
    {
        if (packets.IsEmpty) return 0;
        var best = 0.0;
        var rate = ledger.ForeignRate(length, probe.EntryNs + model.In.LowNs);
        foreach (var packet in packets)
        {
            var stamp = ledger.StampOf(packet);
            var presence = model.In.At(stamp - probe.EntryNs) / rate;
            var fit = probe.IsDelivered && options.HasExits ? presence * model.Out.At(probe.ExitNs - stamp) * (options.ReachNs / 1e9) : presence;
            if (fit < FaintestScore && presence < FaintestScore) continue;
            _probe.Add(i);
            _packet.Add(packet);
            _stamp.Add(stamp);
            _presence.Add(presence);
            _fit.Add(fit);
            _weight.Add(fit * (probe.IsDelivered ? 1 : model.SeenThoughLost));
            best = Math.Max(best, fit);
        }

        return best;
    }

    private void Drop(int from)
    {
        _probe.Cut(from);
        _packet.Cut(from);
        _stamp.Cut(from);
        _presence.Cut(from);
        _fit.Cut(from);
        _weight.Cut(from);
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

    private void Sum(ReadOnlySpan<ProbePassage> probes)
    {
        Array.Clear(Presence, 0, probes.Length);
        Array.Clear(Fit, 0, probes.Length);
        Array.Clear(Hindsight, 0, probes.Length);
        for (var j = 0; j < _probe.Count; j++)
        {
            var (probe, owner) = (_probe.Span[j], _owner[_packet.Span[j]]);
            var isFree = owner == None || owner == probe;
            if (!isFree && !probes[probe].IsDelivered) continue;
            var factor = _order.Ahead[j] * (isFree ? 1 : TakenShare);
            Presence[probe] += _presence.Span[j] * factor;
            Fit[probe] += _fit.Span[j] * factor;
            Hindsight[probe] += _fit.Span[j] * factor * _order.Behind[j];
        }
    }
}

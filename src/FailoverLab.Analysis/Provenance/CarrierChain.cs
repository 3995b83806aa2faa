namespace FailoverLab.Analysis;

/// <summary>
/// Which set of paths carried each probe, by a hidden Markov chain over the probes of a block: the set stays as it is but for rare
/// changes, and every probe's candidates speak for or against each set. A packet of other traffic that happens to look like a probe on
/// another path would need two changes to be believed.
/// </summary>
internal sealed class CarrierChain
{
    // Counted as if seen before: a set that was never used may be some day.
    private const double PriorProbes = 50;

    private readonly double[] _likely;
    private readonly double[] _usual;
    private readonly double[] _start;
    private double[] _evidence = [];
    private double[] _forward = [];
    private double[] _scale = [];

    /// <summary>Makes a chain over the subsets of some paths: none, each one, each two, and all.</summary>
    /// <param name="paths">Paths, at most 16.</param>
    public CarrierChain(int paths)
    {
        Sets = [.. Enumerable.Range(0, 1 << paths).Select(m => (uint)m).Where(m => uint.PopCount(m) <= 2 || uint.PopCount(m) == paths)];
        _likely = new double[Sets.Length];
        _usual = [.. Sets.Select(s => uint.PopCount(s) == 1 ? 1.0 : 0.1)];
        Normalise(_usual);
        _start = [.. _usual];
        Array.Copy(_usual, _likely, _likely.Length);
    }

    /// <summary>The sets, as bits; the first is the empty one.</summary>
    public uint[] Sets { get; }

    /// <summary>Probability that the set changes from one probe to the next.</summary>
    public double ChangeShare { get; private set; } = 0.05;

    /// <summary>Evidence of a probe for each set, to be filled: likelihood up to a factor.</summary>
    public Span<double> EvidenceOf(int probe) => _evidence.AsSpan(probe * Sets.Length, Sets.Length);

    /// <summary>Probability of each set for a probe, after <see cref="Run"/>.</summary>
    public ReadOnlySpan<double> ShareOf(int probe) => _forward.AsSpan(probe * Sets.Length, Sets.Length);

    /// <summary>Makes room for a block.</summary>
    public void Begin(int probes)
    {
        if (_scale.Length >= probes) return;
        _scale = new double[probes];
        _evidence = new double[probes * Sets.Length];
        _forward = new double[probes * Sets.Length];
    }

    /// <summary>From evidence to probabilities.</summary>
    public void Run(int probes)
    {
        Forward(probes);
        Backward(probes);
    }

    /// <summary>Lets the next block begin where a probe of this one ended.</summary>
    public void StartAfter(int probe) => ShareOf(probe).CopyTo(_start);

    /// <summary>Learns how often sets are used and how often they change.</summary>
    public void Learn(int probes)
    {
        var used = new double[Sets.Length];
        var changes = 0.0;
        for (var i = 0; i < probes; i++)
        {
            var share = ShareOf(i);
            var same = 0.0;
            for (var s = 0; s < used.Length; s++)
            {
                used[s] += share[s];
                if (i > 0) same += Math.Min(share[s], ShareOf(i - 1)[s]);
            }

            if (i > 0) changes += 1 - same;
        }

        ChangeShare = Math.Clamp((changes + 0.5) / (probes + 100), 1e-5, 0.9);
        for (var s = 0; s < used.Length; s++) _likely[s] = (used[s] + (PriorProbes * _usual[s])) / (probes + PriorProbes);
    }

    private void Forward(int probes)
    {
        ReadOnlySpan<double> before = _start;
        for (var i = 0; i < probes; i++)
        {
            var now = _forward.AsSpan(i * Sets.Length, Sets.Length);
            var evidence = EvidenceOf(i);
            for (var s = 0; s < now.Length; s++) now[s] = (((1 - ChangeShare) * before[s]) + (ChangeShare * _likely[s])) * evidence[s];
            _scale[i] = Normalise(now);
            before = now;
        }
    }

    private void Backward(int probes)
    {
        Span<double> after = stackalloc double[Sets.Length];
        Span<double> weighed = stackalloc double[Sets.Length];
        after.Fill(1);
        for (var i = probes - 1; i >= 0; i--)
        {
            var now = _forward.AsSpan(i * Sets.Length, Sets.Length);
            for (var s = 0; s < now.Length; s++) now[s] *= after[s];
            Normalise(now);
            var evidence = EvidenceOf(i);
            var anySet = 0.0;
            for (var s = 0; s < weighed.Length; s++)
            {
                weighed[s] = evidence[s] * after[s] / _scale[i];
                anySet += _likely[s] * weighed[s];
            }

            for (var s = 0; s < after.Length; s++) after[s] = ((1 - ChangeShare) * weighed[s]) + (ChangeShare * anySet);
        }
    }

    private static double Normalise(Span<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        if (sum <= 0)
        {
            values.Fill(1.0 / values.Length);
            return 1;
        }

        foreach (ref var value in values) value /= sum;
        return sum;
    }
}

namespace FailoverLab.Analysis;

/// <summary>
/// How a delay is distributed, learned from samples: steps that hold equal shares of them, and thin tails on both sides so that no delay is
/// impossible. Densities are per second.
/// </summary>
internal sealed class DelayDensity
{
    /// <summary>Fewer samples than this teach nothing.</summary>
    public const int FewestSamples = 24;

    private const int MostSteps = 48;
    private const double TailShare = 0.01;
    private const int TrimmedPart = 500;

    // Stamps are no sharper than this; a step never gets narrower.
    private const long NarrowestNs = 4_000;

    private readonly long[] _edges = new long[MostSteps + 1];
    private int _steps = 1;
    private double _reachSeconds = 1;

    /// <summary>Shortest delay learned, ns.</summary>
    public long LowNs => _edges[0];

    /// <summary>Longest delay learned, ns.</summary>
    public long HighNs => _edges[_steps];

    /// <summary>Every delay of an interval is alike.</summary>
    /// <param name="lowNs">Its lower end.</param>
    /// <param name="highNs">Its upper end.</param>
    /// <param name="reachNs">Width of all that is thought possible: the flat part of the tails is spread over it.</param>
    public void SetFlat(long lowNs, long highNs, long reachNs)
    {
        _steps = 1;
        _edges[0] = lowNs;
        _edges[1] = Math.Max(highNs, lowNs + NarrowestNs);
        _reachSeconds = reachNs / 1e9;
    }

    /// <summary>Learns from samples; too few leave what was known.</summary>
    /// <param name="sorted">Delays, ns, ascending.</param>
    public void Learn(ReadOnlySpan<long> sorted)
    {
        if (sorted.Length < FewestSamples) return;

        // The outermost may be mistakes; the tails allow for them.
        sorted = sorted[(sorted.Length / TrimmedPart)..^(sorted.Length / TrimmedPart)];
        _steps = Math.Clamp(sorted.Length / 12, 2, MostSteps);
        for (var i = 0; i <= _steps; i++) _edges[i] = sorted[(int)((long)i * (sorted.Length - 1) / _steps)];
        _edges[0] -= NarrowestNs / 2;
        _edges[_steps] += NarrowestNs / 2;
    }

    /// <summary>Adds an interval of delays as likely as all that was known: the delay may have moved there, or be about to.</summary>
    /// <param name="lowNs">Its lower end.</param>
    /// <param name="highNs">Its upper end.</param>
    public void Widen(long lowNs, long highNs)
    {
        const int Each = 16 * MostSteps;
        Span<long> samples = new long[2 * Each];
        for (var i = 0; i < Each; i++)
        {
            var at = i * _steps / (double)Each;
            samples[i] = _edges[(int)at] + (long)((at - (int)at) * (_edges[(int)at + 1] - _edges[(int)at]));
            samples[Each + i] = lowNs + ((highNs - lowNs) * i / Each);
        }

        samples.Sort();
        Learn(samples);
    }

    /// <summary>Density at a delay, 1/s.</summary>
    public double At(long delayNs)
    {
        // Half of the tail thins out with the distance from what was seen, half is flat.
        var scale = (HighNs - LowNs + NarrowestNs) / 1e9;
        var outside = Math.Max(0, Math.Max(LowNs - delayNs, delayNs - HighNs)) / 1e9;
        var tail = (TailShare / 2 / _reachSeconds) + (TailShare / 4 * scale / ((outside + scale) * (outside + scale)));
        return outside > 0 ? tail : tail + ((1 - TailShare) * Body(delayNs));
    }

    /// <summary>Share of delays below one.</summary>
    public double ShareBelow(long delayNs)
    {
        if (delayNs <= LowNs) return 0;
        if (delayNs >= HighNs) return 1;
        var step = Array.BinarySearch(_edges, 0, _steps + 1, delayNs);
        if (step >= 0) return step / (double)_steps;
        var below = ~step - 1;
        return (below + ((delayNs - _edges[below]) / (double)(_edges[below + 1] - _edges[below]))) / _steps;
    }

    private double Body(long delayNs)
    {
        var step = Array.BinarySearch(_edges, 0, _steps + 1, delayNs);
        var below = step >= 0 ? Math.Min(step, _steps - 1) : Math.Clamp(~step - 1, 0, _steps - 1);

        // Steps may be narrower than the stamps are sharp, even empty: go out until the width means something.
        var above = below + 1;
        while (_edges[above] - _edges[below] < NarrowestNs && (below > 0 || above < _steps))
        {
            if (below > 0) below--;
            if (above < _steps) above++;
        }

        return (above - below) / (double)_steps / (Math.Max(NarrowestNs, _edges[above] - _edges[below]) / 1e9);
    }
}

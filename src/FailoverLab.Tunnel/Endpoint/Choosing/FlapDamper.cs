namespace FailoverLab.Tunnel;

/// <summary>The penalty of one path (RFC 2439 section 4.2): every flap adds one, and it halves with time.</summary>
internal sealed class FlapDamper
{
    private readonly FlapDampening _rules;
    private readonly double _halfLifeNs;
    private double _penalty;
    private long _atNs;

    public FlapDamper(FlapDampening rules)
    {
        _rules = rules;
        _halfLifeNs = rules.HalfLife.Ticks * 100.0;
    }

    /// <summary>Until when the path is damped; 0 when it never was.</summary>
    public long DampedUntilNs { get; private set; }

    /// <summary>The path was left because it had died or was degraded.</summary>
    public void OnFlap(long nowNs)
    {
        _penalty = (_penalty * Math.Pow(2, -(nowNs - _atNs) / _halfLifeNs)) + 1;
        _atNs = nowNs;
        if (_penalty >= _rules.Suppress || nowNs < DampedUntilNs)
        {
            var untilReuseNs = _halfLifeNs * Math.Log2(Math.Max(_penalty / _rules.Reuse, 1));
            DampedUntilNs = nowNs + (long)Math.Min(untilReuseNs, _rules.Longest.Ticks * 100.0);
        }
    }
}

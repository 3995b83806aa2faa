namespace FailoverLab.Tunnel;

/// <summary>Interarrival jitter of RFC 3550 section 6.4.1, in ns. The clocks of both sides need not agree.</summary>
public sealed class JitterMeter
{
    private bool _hasLast;
    private long _lastTransitNs;
    private double _jitterNs;

    /// <summary>The estimate, ns.</summary>
    public long JitterNs => (long)_jitterNs;

    /// <summary>Takes one packet.</summary>
    /// <param name="sentNs">On the sender's clock.</param>
    /// <param name="receivedNs">On ours.</param>
    public void Add(long sentNs, long receivedNs)
    {
        var transit = unchecked(receivedNs - sentNs);
        if (_hasLast)
        {
            _jitterNs += (Math.Abs((double)unchecked(transit - _lastTransitNs)) - _jitterNs) / 16;
        }

        (_hasLast, _lastTransitNs) = (true, transit);
    }

    /// <summary>Begins anew: the sender's clock is another one now.</summary>
    public void Reset() => (_hasLast, _jitterNs) = (false, 0);
}

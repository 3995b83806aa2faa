namespace FailoverLab.Tunnel;

/// <summary>A rate limit: so many at once, and so many per second on average.</summary>
internal struct TokenBucket
{
    private const double Second = 1e9;

    private double _tokens;
    private long _atNs;

    /// <summary>A bucket with all its tokens.</summary>
    public static TokenBucket Full(int burst) => new() { _tokens = burst };

    /// <summary>Whether a token is there, without taking it.</summary>
    public bool Has(long nowNs, int perSecond, int burst)
    {
        Refill(nowNs, perSecond, burst);
        return _tokens >= 1;
    }

    /// <summary>Takes a token if one is there.</summary>
    public bool TryTake(long nowNs, int perSecond, int burst)
    {
        if (!Has(nowNs, perSecond, burst))
        {
            return false;
        }

        _tokens--;
        return true;
    }

    /// <summary>Whether nothing would be lost by forgetting the bucket.</summary>
    public bool IsFull(long nowNs, int perSecond, int burst)
    {
        Refill(nowNs, perSecond, burst);
        return _tokens >= burst;
    }

    private void Refill(long nowNs, int perSecond, int burst)
    {
        if (nowNs > _atNs)
        {
            _tokens = Math.Min(burst, _tokens + ((nowNs - _atNs) / Second * perSecond));
            _atNs = nowNs;
        }
    }
}

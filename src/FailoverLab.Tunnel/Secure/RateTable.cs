using System.Runtime.InteropServices;

namespace FailoverLab.Tunnel;

/// <summary>A rate limit per key, for a bounded number of keys. When all are busy a new key is refused: the table fails closed.</summary>
internal sealed class RateTable<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, TokenBucket> _buckets = [];
    private readonly int _capacity;
    private readonly int _perSecond;
    private readonly int _burst;
    private long _lastSweepNs = long.MinValue;

    public RateTable(int capacity, int perSecond, int burst)
    {
        _capacity = capacity;
        _perSecond = perSecond;
        _burst = burst;
    }

    public int Count => _buckets.Count;

    /// <summary>Takes a token of the key.</summary>
    public bool TryTake(TKey key, long nowNs)
    {
        if (_buckets.Count >= _capacity && !_buckets.ContainsKey(key) && !Sweep(nowNs))
        {
            return false;
        }

        ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, key, out var exists);
        bucket = exists ? bucket : TokenBucket.Full(_burst);
        return bucket.TryTake(nowNs, _perSecond, _burst);
    }

    /// <summary>Forgets keys whose bucket is full again, at most every 100 ms; tells whether there is room.</summary>
    private bool Sweep(long nowNs)
    {
        if (_lastSweepNs != long.MinValue && nowNs - _lastSweepNs < 100_000_000)
        {
            return false;
        }

        _lastSweepNs = nowNs;
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsFull(nowNs, _perSecond, _burst))
            {
                _buckets.Remove(key);
            }
        }

        return _buckets.Count < _capacity;
    }
}

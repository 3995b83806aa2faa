namespace FailoverLab.Tunnel;

/// <summary>
/// Which tunnel a flow takes when flows are spread by weight: weighted rendezvous hashing over 256 buckets. When a path goes, only its flows move;
/// when it comes back, only those return. Allocates nothing.
/// </summary>
internal sealed class FlowSpreader
{
    /// <summary>Number of buckets.</summary>
    public const int Buckets = 256;

    private readonly int[] _tunnels = new int[Buckets];
    private readonly double[] _weights;

    /// <summary>Begins with every flow on no tunnel.</summary>
    /// <param name="weights">Of each path, above 0.</param>
    public FlowSpreader(IReadOnlyList<double> weights)
    {
        _weights = [.. weights];
        Array.Fill(_tunnels, -1);
    }

    /// <summary>The tunnel of a flow; -1 before the first <see cref="Spread"/>.</summary>
    /// <param name="hash">From <see cref="FlowHash"/>.</param>
    public int TunnelOf(ulong hash) => _tunnels[hash % Buckets];

    /// <summary>Spreads anew.</summary>
    /// <param name="first">Index of the first tunnel; the others follow, one per path.</param>
    /// <param name="usable">Of each path, whether flows may take it; at least one may.</param>
    /// <returns>How many buckets moved.</returns>
    public int Spread(int first, ReadOnlySpan<bool> usable)
    {
        var moved = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            var best = -1;
            var least = double.PositiveInfinity;
            for (var path = 0; path < _weights.Length; path++)
            {
                var distance = usable[path] ? -Math.Log(Uniform(bucket, path)) / _weights[path] : double.PositiveInfinity;
                (best, least) = distance < least ? (path, distance) : (best, least);
            }

            moved += best >= 0 && _tunnels[bucket] != first + best ? 1 : 0;
            _tunnels[bucket] = best < 0 ? _tunnels[bucket] : first + best;
        }

        return moved;
    }

    private static double Uniform(int bucket, int path) => ((FlowHash.Mix(((ulong)bucket << 32) + (ulong)path + 1) >> 11) + 0.5) / (1UL << 53);
}

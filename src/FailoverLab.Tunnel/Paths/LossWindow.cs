namespace FailoverLab.Tunnel;

/// <summary>
/// Loss over a sliding window, from two running counters: highest sequence and datagrams received. What is missing at one report counts only when two
/// more reports miss it too: datagrams that overtake each other make the highest sequence run ahead. Ten buckets; allocates nothing.
/// </summary>
public sealed class LossWindow
{
    private const int Buckets = 10;
    private const int MinimumSample = 20;

    private readonly long[] _bucketStart = new long[Buckets];
    private readonly int[] _expected = new int[Buckets];
    private readonly int[] _lost = new int[Buckets];
    private readonly long _bucketNs;
    private bool _hasLast;
    private uint _lastHighest;
    private uint _lastReceived;
    private long _missing;
    private long _missingBefore;
    private long _missingBeforeThat;
    private long _confirmed;

    /// <summary>Begins empty.</summary>
    /// <param name="windowNs">Length of the window.</param>
    public LossWindow(long windowNs) => _bucketNs = Math.Max(1, windowNs / Buckets);

    /// <summary>Takes the counters as they stand.</summary>
    /// <param name="highest">Highest sequence received.</param>
    /// <param name="received">Datagrams received.</param>
    /// <param name="nowNs">Monotonic time.</param>
    public void Add(uint highest, uint received, long nowNs)
    {
        var expectedDelta = unchecked((int)(highest - _lastHighest));
        var receivedDelta = unchecked((int)(received - _lastReceived));
        if (_hasLast && (expectedDelta < 0 || receivedDelta < 0))
        {
            // A report overtaken on the way: the newer one already counted it.
            return;
        }

        if (_hasLast)
        {
            var slot = Slot(nowNs);
            _expected[slot] += expectedDelta;
            (_missingBeforeThat, _missingBefore, _missing) = (_missingBefore, _missing, _missing + expectedDelta - receivedDelta);
            var confirmed = Math.Min(_missing, Math.Min(_missingBefore, _missingBeforeThat));

            // What came after all is given back: a burst from a peer that stood still may arrive in any order.
            _lost[slot] += (int)(confirmed - _confirmed);
            _confirmed = confirmed;
        }

        (_hasLast, _lastHighest, _lastReceived) = (true, highest, received);
    }

    /// <summary>Forgets everything; the peer's counters began anew.</summary>
    public void Reset()
    {
        _hasLast = false;
        (_missing, _missingBefore, _missingBeforeThat, _confirmed) = (0, 0, 0, 0);
        Array.Clear(_expected);
        Array.Clear(_lost);
    }

    /// <summary>Share lost, 0..1; <see langword="null"/> while the window holds too few datagrams to tell.</summary>
    public double? Loss(long nowNs)
    {
        int expected = 0, lost = 0;
        for (var i = 0; i < Buckets; i++)
        {
            if (nowNs - _bucketStart[i] < _bucketNs * Buckets)
            {
                expected += _expected[i];
                lost += _lost[i];
            }
        }

        return expected < MinimumSample ? null : Math.Clamp((double)lost / expected, 0, 1);
    }

    private int Slot(long nowNs)
    {
        var slot = (int)(nowNs / _bucketNs % Buckets);
        var start = nowNs / _bucketNs * _bucketNs;
        if (_bucketStart[slot] != start)
        {
            (_bucketStart[slot], _expected[slot], _lost[slot]) = (start, 0, 0);
        }

        return slot;
    }
}

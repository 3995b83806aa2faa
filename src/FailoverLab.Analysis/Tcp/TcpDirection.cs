namespace FailoverLab.Analysis;

/// <summary>One direction of a TCP connection as one point sees it: progress, retransmissions, round trips and stalls.</summary>
internal sealed class TcpDirection(FlowSeriesWatch? series)
{
    /// <summary>Shorter silences of acknowledgements are everyday TCP, whatever the round-trip time: RFC 6298 lets a retransmission wait 1 s, Linux 200 ms.</summary>
    private const long ShortestStallNs = 100_000_000;

    /// <summary>Without a retransmission seen, a late acknowledgement must be later than any delayed one (RFC 1122 section 4.2.3.2: 500 ms at most; 200 ms in use).</summary>
    private const long ShortestSilentStallNs = 300_000_000;

    private const int RoundTripsOfStall = 3;

    private readonly List<TcpStall> _stalls = [];
    private readonly ValueDistribution _roundTrips = new();
    private bool _begun;
    private uint _next;
    private uint _acknowledged;
    private bool _answered;
    private long _progressNs;
    private long _firstUnansweredNs;
    private long _lastSentNs;
    private long _sentBeforeNs;
    private int _sentAgain;
    private uint _timedEnd;
    private long _timedNs = long.MinValue;
    private long _smoothedNs;

    /// <summary>Segments that carried something.</summary>
    public long Segments { get; private set; }

    /// <summary>Bytes on the wire of all segments of the direction.</summary>
    public long Bytes { get; private set; }

    /// <summary>Segments that carried again what had been seen.</summary>
    public long Retransmissions { get; private set; }

    /// <summary>Segments that filled a gap sooner than a retransmission could.</summary>
    public long Reordered { get; private set; }

    /// <summary>From data to its first acknowledgement, ns; segments sent again are left out (Karn's rule, RFC 6298 section 3).</summary>
    public ValueDistribution RoundTrips => _roundTrips;

    /// <summary>Stalls so far.</summary>
    public IReadOnlyList<TcpStall> Stalls => _stalls;

    /// <summary>The direction over time; absent where it is not wanted.</summary>
    public FlowSeriesWatch? Series => series;

    /// <summary>Takes a segment of this direction.</summary>
    public void Send(in TcpSighting segment)
    {
        Bytes += segment.Length;
        series?.Received.Add(segment.StampNs);
        series?.Bytes.Add(segment.StampNs, segment.Length);
        if (segment.Span == 0) return;
        Segments++;
        var end = segment.Sequence + segment.Span;
        if (!_begun)
        {
            (_begun, _next, _acknowledged, _progressNs) = (true, segment.Sequence, segment.Sequence, segment.StampNs);
        }

        if (_acknowledged == _next)
        {
            // Nothing was under way: the wait for an answer begins now.
            (_progressNs, _firstUnansweredNs, _sentAgain, _answered) = (segment.StampNs, segment.StampNs, 0, true);
        }

        var isNew = Distance(end, _next) > 0;
        if (isNew && Distance(segment.Sequence, _next) >= 0) TakeNew(segment, end);
        else TakeOld(segment, isNew, end);
        (_sentBeforeNs, _lastSentNs) = (_lastSentNs, segment.StampNs);
        if (_firstUnansweredNs == 0) _firstUnansweredNs = segment.StampNs;
    }

    /// <summary>Takes an acknowledgement by the other direction.</summary>
    public void Acknowledge(uint number, long stampNs)
    {
        if (!_begun || Distance(number, _acknowledged) <= 0 || Distance(number, _next) > 0) return;
        if (_timedNs != long.MinValue && Distance(number, _timedEnd) >= 0) TakeRoundTrip(stampNs - _timedNs);
        NoteStall(stampNs);
        _acknowledged = number;
        (_progressNs, _firstUnansweredNs, _sentAgain) = (stampNs, 0, 0);
    }

    /// <summary>Nothing more comes.</summary>
    public void Finish(long observationEndNs)
    {
        if (_answered && _acknowledged != _next && _sentAgain > 0 && observationEndNs - _progressNs > Threshold())
            _stalls.Add(new TcpStall(_progressNs, null, Math.Max(0, _lastSentNs - Math.Max(_progressNs, _firstUnansweredNs)), _sentAgain));
    }

    private static int Distance(uint one, uint other) => (int)(one - other);

    private void TakeNew(in TcpSighting segment, uint end)
    {
        _next = end;
        if (_timedNs != long.MinValue || segment.Payload == 0) return;
        (_timedEnd, _timedNs) = (end, segment.StampNs);
    }

    private void TakeOld(in TcpSighting segment, bool isNew, uint end)
    {
        if (isNew) _next = end;
        var sooner = _smoothedNs > 0 && segment.StampNs - _lastSentNs < _smoothedNs / 2 && Distance(segment.Sequence, _acknowledged) >= 0 && segment.StampNs - _progressNs < _smoothedNs / 2;
        if (sooner && !isNew && !IsRepeated(segment))
        {
            Reordered++;
            return;
        }

        Retransmissions++;
        _sentAgain++;
        _timedNs = long.MinValue;
    }

    /// <summary>Keep-alive probes and the like carry a byte that was acknowledged long ago.</summary>
    private bool IsRepeated(in TcpSighting segment) => Distance(segment.Sequence + segment.Span, _acknowledged) <= 0;

    private void TakeRoundTrip(long ns)
    {
        _timedNs = long.MinValue;
        _roundTrips.Add(ns);
        _smoothedNs = _smoothedNs == 0 ? ns : _smoothedNs + ((ns - _smoothedNs) / 8);
    }

    private void NoteStall(long stampNs)
    {
        if (stampNs - _progressNs <= Threshold()) return;
        var first = Math.Max(_progressNs, _firstUnansweredNs);
        _stalls.Add(new TcpStall(_progressNs, stampNs, Math.Max(0, _sentBeforeNs - first), _sentAgain));
    }

    private long Threshold() => Math.Max(_sentAgain > 0 ? ShortestStallNs : ShortestSilentStallNs, RoundTripsOfStall * _smoothedNs);
}

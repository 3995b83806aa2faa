namespace FailoverLab.Analysis;

/// <summary>One direction of a TCP connection as one point sees it: progress, retransmissions, round trips and stalls.</summary>
internal sealed class TcpDirection(FlowSeriesWatch? series)
{
    /// <summary>Shorter silences of acknowledgements are everyday TCP, whatever the round-trip time: RFC 6298 lets a retransmission wait 1 s, Linux 200 ms.</summary>
    private const long ShortestStallNs = 100_000_000;

    /// <summary>Without a retransmission seen, a late acknowledgement must be later than any delayed one (RFC 1122 section 4.2.3.2: 500 ms at most; 200 ms in use).</summary>
    private const long ShortestSilentStallNs = 300_000_000;

    private const int RoundTripsOfStall = 3;
    private const int MostHoles = 64;

    private readonly List<(uint Start, uint End, long StampNs)> _holes = [];
    private readonly List<TcpStall> _stalls = [];
    private readonly ValueDistribution _roundTrips = new();
    private bool _begun;
    private uint _opening;
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

    /// <summary>Segments that carried something, without keep-alives.</summary>
    public long Segments { get; private set; }

    /// <summary>Bytes on the wire of all segments of the direction.</summary>
    public long Bytes { get; private set; }

    /// <summary>Segments that carried again what had been seen, or filled a hole too late to be first copies.</summary>
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
        var end = segment.Sequence + segment.Span;
        if (!_begun || (segment.IsOpening && segment.Sequence != _opening)) Begin(segment);
        if (_acknowledged == _next)
        {
            // Nothing was under way: the wait for an answer begins now. A byte that was acknowledged is a keep-alive (RFC 1122 section 4.2.3.6).
            (_progressNs, _firstUnansweredNs, _sentAgain) = (segment.StampNs, segment.StampNs, 0);
            if (segment.Payload == 1 && end == _next) return;
        }

        Segments++;
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
        _answered = true;
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

    /// <summary>A connection opens; on ports used before, nothing of the former one counts any more.</summary>
    private void Begin(in TcpSighting segment)
    {
        (_begun, _next, _acknowledged, _progressNs) = (true, segment.Sequence, segment.Sequence, segment.StampNs);
        (_opening, _answered, _sentAgain, _timedNs) = (segment.Sequence, false, 0, long.MinValue);
        _holes.Clear();
    }

    private void TakeNew(in TcpSighting segment, uint end)
    {
        if (segment.Sequence != _next && _holes.Count < MostHoles) _holes.Add((_next, segment.Sequence, segment.StampNs));
        _next = end;
        if (_timedNs != long.MinValue || segment.Payload == 0) return;
        (_timedEnd, _timedNs) = (end, segment.StampNs);
    }

    private void TakeOld(in TcpSighting segment, bool isNew, uint end)
    {
        if (isNew) _next = end;
        else if (IsLateFirst(segment, end))
        {
            Reordered++;
            return;
        }

        Retransmissions++;
        _sentAgain++;
        _timedNs = long.MinValue;
    }

    /// <summary>Whether it fills a hole sooner than a retransmission of it could have come: half a round trip after the segment that showed the hole.</summary>
    private bool IsLateFirst(in TcpSighting segment, uint end)
    {
        _holes.RemoveAll(h => Distance(h.End, _acknowledged) <= 0);
        for (var i = 0; i < _holes.Count; i++)
        {
            var hole = _holes[i];
            if (Distance(segment.Sequence, hole.Start) < 0 || Distance(end, hole.End) > 0) continue;
            _holes.RemoveAt(i);
            if (segment.Sequence != hole.Start) _holes.Add(hole with { End = segment.Sequence });
            if (end != hole.End) _holes.Add(hole with { Start = end });
            return segment.StampNs - hole.StampNs < _smoothedNs / 2;
        }

        return false;
    }

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

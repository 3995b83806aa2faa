namespace FailoverLab.Analysis;

/// <summary>
/// Watches packets that come like clockwork at the end of a link, as a foreign device's own link probes do, and notes each time one
/// fails to come. So the first missed probe is known without reading what the device sends.
/// </summary>
internal sealed class CadenceWatch(int path)
{
    private const int LongestProbe = 250;
    private const int Intervals = 32;
    private const double Regular = 0.2;
    private const double Missed = 1.5;

    private readonly long[] _intervals = new long[Intervals];
    private readonly List<MissedSignal> _missed = [];
    private int _count;
    private long _lastNs;
    private long _periodNs;

    /// <summary>Probes that did not come.</summary>
    public IReadOnlyList<MissedSignal> Misses => _missed;

    /// <summary>Takes the next packet of one flow at one point.</summary>
    public void Add(long stampNs, int length)
    {
        if (length > LongestProbe) return;
        var interval = stampNs - _lastNs;
        if (_lastNs != 0 && _periodNs > 0 && interval > Missed * _periodNs)
        {
            Miss();
        }
        else if (_lastNs != 0)
        {
            _intervals[_count++ % Intervals] = interval;
            if (_count % Intervals == 0) Learn();
        }

        _lastNs = stampNs;
    }

    /// <summary>Nothing more comes.</summary>
    public void Finish(long observationEndNs)
    {
        if (_periodNs > 0 && observationEndNs - _lastNs > Missed * _periodNs) Miss();
    }

    private void Miss() => _missed.Add(new MissedSignal(path, _lastNs + _periodNs, _lastNs + _periodNs));

    /// <summary>The period, where nearly all intervals are alike.</summary>
    private void Learn()
    {
        var sorted = _intervals.Order().ToArray();
        var median = sorted[Intervals / 2];
        _periodNs = sorted[Intervals - 1 - (Intervals / 10)] - sorted[Intervals / 10] <= Regular * median ? median : 0;
    }
}

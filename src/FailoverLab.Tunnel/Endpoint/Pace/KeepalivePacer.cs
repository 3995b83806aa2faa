namespace FailoverLab.Tunnel;

/// <summary>
/// When each tunnel's keepalive is due. Tunnels that carry data are asked at the configured interval, the others seldom, and every one
/// quickly as soon as anything is wrong. A slower pace is announced in as many keepalives as may be lost before it is taken up, so that the router
/// never takes it for silence.
/// </summary>
internal sealed class KeepalivePacer
{
    private readonly PathTimers _timers;
    private readonly long _slowNs;
    private readonly long _idleAfterNs;
    private readonly Pace[] _paces;
    private long _lastDataNs;

    public KeepalivePacer(PathTimers timers, KeepalivePacing pacing, int tunnels, long nowNs)
    {
        _timers = timers;
        _slowNs = timers.KeepaliveNs * pacing.StandbyMultiple;
        _idleAfterNs = pacing.IdleAfter.Ticks * 100;
        _lastDataNs = nowNs;
        _paces = new Pace[tunnels];
        Array.Fill(_paces, new Pace(nowNs, timers.KeepaliveNs, timers.KeepaliveNs, 0));
    }

    /// <summary>When the first keepalive is due.</summary>
    public long DueNs { get; private set; }

    /// <summary>Whether nothing has been carried for a while.</summary>
    public bool IsIdle(long nowNs) => nowNs - _lastDataNs >= _idleAfterNs;

    /// <summary>An inner packet went out or came in.</summary>
    /// <returns>Whether it ended an idle time: then the paces must be set anew.</returns>
    public bool OnData(long nowNs)
    {
        var wasIdle = IsIdle(nowNs);
        _lastDataNs = nowNs;
        return wasIdle;
    }

    /// <summary>Sets the pace of a tunnel.</summary>
    /// <param name="tunnel">Index of the tunnel.</param>
    /// <param name="quick">Whether it carries data, or something is wrong.</param>
    /// <param name="nowNs">Monotonic time.</param>
    /// <returns>The interval its path is judged by from now on.</returns>
    public long Set(int tunnel, bool quick, long nowNs)
    {
        ref var pace = ref _paces[tunnel];
        if (quick && pace.AnnouncedNs != _timers.KeepaliveNs)
        {
            pace = new Pace(Math.Min(pace.DueNs, nowNs), _timers.KeepaliveNs, _timers.KeepaliveNs, 0);
        }
        else if (!quick && pace.AnnouncedNs != _slowNs)
        {
            pace = pace with { AnnouncedNs = _slowNs, Announcements = _timers.Multiplier };
        }

        DueNs = Math.Min(DueNs, pace.DueNs);
        return pace.AnnouncedNs;
    }

    /// <summary>The interval a tunnel's keepalive names.</summary>
    public long AnnouncedNs(int tunnel) => _paces[tunnel].AnnouncedNs;

    /// <summary>Whether a tunnel's keepalive is due.</summary>
    public bool IsDue(int tunnel, long nowNs) => _paces[tunnel].DueNs <= nowNs;

    /// <summary>A tunnel's keepalive is sent now.</summary>
    public void Sent(int tunnel, long nowNs)
    {
        ref var pace = ref _paces[tunnel];
        var interval = pace.Announcements > 1 ? pace.IntervalNs : pace.AnnouncedNs;
        pace = new Pace(Math.Max(pace.DueNs + interval, nowNs + (interval / 2)), interval, pace.AnnouncedNs, Math.Max(0, pace.Announcements - 1));
    }

    /// <summary>Every tunnel's keepalive is due at once.</summary>
    public void Hasten(long nowNs)
    {
        foreach (ref var pace in _paces.AsSpan())
        {
            pace = pace with { DueNs = Math.Min(pace.DueNs, nowNs) };
        }

        DueNs = nowNs;
    }

    /// <summary>Finds <see cref="DueNs"/> after keepalives were sent.</summary>
    public void Settle()
    {
        DueNs = long.MaxValue;
        foreach (ref readonly var pace in _paces.AsSpan())
        {
            DueNs = Math.Min(DueNs, pace.DueNs);
        }
    }

    /// <param name="DueNs">When the next is sent.</param>
    /// <param name="IntervalNs">Between two that are sent now.</param>
    /// <param name="AnnouncedNs">What they say.</param>
    /// <param name="Announcements">How many more say it before it is so.</param>
    private readonly record struct Pace(long DueNs, long IntervalNs, long AnnouncedNs, int Announcements);
}

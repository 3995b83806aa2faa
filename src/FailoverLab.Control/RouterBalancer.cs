namespace FailoverLab.Control;

/// <summary>
/// Keeps the routers' reports and decides for each endpoint. A decision changes when its router's report has gone stale, or when another
/// router has led by the threshold for the whole hold time. Scores closer than the threshold are equal; then the lower id goes first.
/// What changed can be taken out to be stored, and put back in after a restart. Safe from any thread.
/// </summary>
public sealed class RouterBalancer
{
    /// <summary>Most routers remembered.</summary>
    public const int MaxRouters = 10_000;

    /// <summary>Most endpoints remembered; those beyond are answered without a memory of their own.</summary>
    public const int MaxEndpoints = 100_000;

    private static readonly TimeSpan ForgetAfter = TimeSpan.FromHours(1);

    private readonly BalancerRules _rules;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (RouterReport Report, long At)> _reports = [];
    private readonly Dictionary<string, Choice> _choices = [];
    private readonly HashSet<string> _changedRouters = [];
    private readonly HashSet<string> _changedEndpoints = [];
    private RouterRanking? _ranking;
    private long _lastSweep = long.MinValue;

    /// <summary>Begins with what was kept.</summary>
    /// <param name="rules">When to change its mind.</param>
    /// <param name="time">Clock.</param>
    /// <param name="kept">State of an earlier run; <see langword="null"/> begins without reports.</param>
    public RouterBalancer(BalancerRules rules, TimeProvider time, BalancerSnapshot? kept = null)
    {
        _rules = rules;
        _time = time;
        foreach (var (report, at) in (kept?.Reports ?? []).Take(MaxRouters))
        {
            _reports[report.RouterId] = (report, Timestamp(at));
        }

        foreach (var choice in (kept?.Choices ?? []).Take(MaxEndpoints))
        {
            _choices[choice.EndpointId] = new Choice(choice.Primary, choice.LedSince is { } since ? Timestamp(since) : null) { AskedAt = time.GetTimestamp() };
        }
    }

    /// <summary>Endpoints that have a decision.</summary>
    public int DecisionCount
    {
        get
        {
            lock (_lock)
            {
                return _choices.Count;
            }
        }
    }

    /// <summary>Takes a router's report.</summary>
    /// <returns>Its score; <see langword="null"/> when there is no room for another router.</returns>
    public double? Report(RouterReport report)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            if (_reports.Count >= MaxRouters && !_reports.ContainsKey(report.RouterId) && !ForgetIdle(now, _reports, r => r.At, _changedRouters))
            {
                return null;
            }

            _reports[report.RouterId] = (report, now);
            _changedRouters.Add(report.RouterId);
            _ranking = null;
            return _rules.Weights.Score(report);
        }
    }

    /// <summary>All routers, by id.</summary>
    public IReadOnlyList<RouterStanding> Standings()
    {
        lock (_lock)
        {
            return [.. _reports.Values.Select(r => Stand(r, _time.GetTimestamp())).OrderBy(s => s.Report.RouterId, StringComparer.Ordinal)];
        }
    }

    /// <summary>Decides for an endpoint; <see langword="null"/> when no router's report counts.</summary>
    public RouterDecision? Decide(string endpointId)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            var ranking = Rank(now);
            if (ranking.First is null)
            {
                return null;
            }

            var previous = _choices.GetValueOrDefault(endpointId);
            var choice = Choose(ranking, previous, now);
            Remember(endpointId, previous, choice, now);
            var primary = ranking.Find(choice.Primary)!;
            var changed = previous is not null && previous.Primary != choice.Primary;
            return new RouterDecision(
                primary,
                ranking.Backup(primary),
                changed && _reports.TryGetValue(previous!.Primary, out var left) ? Stand(left, now) : null,
                ranking);
        }
    }

    /// <summary>What changed since the last call, as it is now; <see cref="PutBack"/> undoes the taking when it could not be stored.</summary>
    public BalancerSnapshot TakeChanges()
    {
        lock (_lock)
        {
            var now = (_time.GetTimestamp(), _time.GetUtcNow());
            var changes = new BalancerSnapshot(
                [.. _changedRouters.Where(_reports.ContainsKey).Select(id => new TimedReport(_reports[id].Report, WallClock(_reports[id].At, now)))],
                [.. _changedEndpoints.Where(_choices.ContainsKey).Select(id => new RouterChoice(id, _choices[id].Primary, _choices[id].LedSince is { } since ? WallClock(since, now) : null))],
                [.. _changedRouters.Where(id => !_reports.ContainsKey(id))],
                [.. _changedEndpoints.Where(id => !_choices.ContainsKey(id))]);
            _changedRouters.Clear();
            _changedEndpoints.Clear();
            return changes;
        }
    }

    /// <summary>Counts changes as not yet taken; what has changed again since stays as it is now.</summary>
    public void PutBack(BalancerSnapshot changes)
    {
        lock (_lock)
        {
            _changedRouters.UnionWith(changes.Reports.Select(r => r.Report.RouterId));
            _changedRouters.UnionWith(changes.ForgottenRouters);
            _changedEndpoints.UnionWith(changes.Choices.Select(c => c.EndpointId));
            _changedEndpoints.UnionWith(changes.ForgottenEndpoints);
        }
    }

    private Choice Choose(RouterRanking ranking, Choice? previous, long now)
    {
        var current = ranking.Find(previous?.Primary);
        if (current is null)
        {
            return new Choice(ranking.First!.Report.RouterId, null);
        }

        var leader = ranking.Valid[0];
        if (leader == current || leader.Score - current.Score < _rules.Threshold)
        {
            return previous!.LedSince is null ? previous : new Choice(previous.Primary, null);
        }

        if (previous!.LedSince is not { } since)
        {
            return new Choice(previous.Primary, now);
        }

        return _time.GetElapsedTime(since, now) >= _rules.HoldTime ? new Choice(leader.Report.RouterId, null) : previous;
    }

    private void Remember(string endpointId, Choice? previous, Choice choice, long now)
    {
        choice.AskedAt = now;
        if (ReferenceEquals(previous, choice) || (previous is null && _choices.Count >= MaxEndpoints && !ForgetIdle(now, _choices, c => c.AskedAt, _changedEndpoints)))
        {
            return;
        }

        _choices[endpointId] = choice;
        _changedEndpoints.Add(endpointId);
    }

    private RouterRanking Rank(long now)
    {
        if (_ranking is { } ranking && now <= ranking.ValidUntil)
        {
            return ranking;
        }

        var valid = new List<RouterStanding>(_reports.Count);
        var oldest = now;
        foreach (var report in _reports.Values)
        {
            if (Stand(report, now) is { IsValid: true } standing)
            {
                valid.Add(standing);
                oldest = Math.Min(oldest, report.At);
            }
        }

        valid.Sort((a, b) => b.Score.CompareTo(a.Score) is var byScore and not 0 ? byScore : string.CompareOrdinal(a.Report.RouterId, b.Report.RouterId));
        return _ranking = new RouterRanking(valid, _rules.Threshold, oldest + Ticks(_rules.MetricsTtl));
    }

    private RouterStanding Stand((RouterReport Report, long At) report, long now)
    {
        var age = _time.GetElapsedTime(report.At, now);
        return new RouterStanding(report.Report, _rules.Weights.Score(report.Report), age, age <= _rules.MetricsTtl);
    }

    /// <summary>Makes room by forgetting who was not heard for an hour; looks at most once a minute, for it looks at everything.</summary>
    private bool ForgetIdle<T>(long now, Dictionary<string, T> all, Func<T, long> heardAt, HashSet<string> changed)
    {
        if (_lastSweep != long.MinValue && _time.GetElapsedTime(_lastSweep, now) < TimeSpan.FromMinutes(1))
        {
            return false;
        }

        _lastSweep = now;
        var idle = all.Where(e => _time.GetElapsedTime(heardAt(e.Value), now) > ForgetAfter).Select(e => e.Key).ToList();
        idle.ForEach(id => all.Remove(id));
        changed.UnionWith(idle);
        return idle.Count > 0;
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    /// <summary>A wall clock's time on our own clock; what lies in the future was just now.</summary>
    private long Timestamp(DateTimeOffset at)
    {
        var age = _time.GetUtcNow() - at;
        return _time.GetTimestamp() - Ticks(age < TimeSpan.Zero ? TimeSpan.Zero : age);
    }

    private DateTimeOffset WallClock(long timestamp, (long Timestamp, DateTimeOffset Utc) now) => now.Utc - _time.GetElapsedTime(timestamp, now.Timestamp);

    /// <param name="Primary">The router decided for.</param>
    /// <param name="LedSince">Since when another has led by the threshold; <see langword="null"/> while none does.</param>
    private sealed record Choice(string Primary, long? LedSince)
    {
        /// <summary>When the endpoint last asked.</summary>
        public long AskedAt { get; set; }
    }
}

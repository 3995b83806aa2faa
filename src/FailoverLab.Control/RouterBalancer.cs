namespace FailoverLab.Control;

/// <summary>
/// Keeps the routers' reports and decides for each endpoint. A decision changes when its router's report has gone stale, or when another
/// router has led by the threshold for the whole hold time. Scores closer than the threshold are equal; then the lower id goes first.
/// Safe from any thread.
/// </summary>
public sealed class RouterBalancer
{
    private const int MaxRouters = 10_000;
    private const int MaxEndpoints = 100_000;

    private readonly BalancerRules _rules;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (RouterReport Report, long At)> _reports = [];
    private readonly Dictionary<string, Choice> _choices = [];

    /// <summary>Begins without reports.</summary>
    /// <param name="rules">When to change its mind.</param>
    /// <param name="time">Clock.</param>
    public RouterBalancer(BalancerRules rules, TimeProvider time)
    {
        _rules = rules;
        _time = time;
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
            if (_reports.Count >= MaxRouters && !_reports.ContainsKey(report.RouterId))
            {
                return null;
            }

            _reports[report.RouterId] = (report, _time.GetTimestamp());
            return _rules.Weights.Score(report);
        }
    }

    /// <summary>All routers, by id.</summary>
    public IReadOnlyList<RouterStanding> Standings()
    {
        lock (_lock)
        {
            return [.. Stand().OrderBy(s => s.Report.RouterId, StringComparer.Ordinal)];
        }
    }

    /// <summary>Decides for an endpoint; <see langword="null"/> when no router's report counts, or there is no room for another endpoint.</summary>
    public RouterDecision? Decide(string endpointId)
    {
        lock (_lock)
        {
            var valid = Stand().Where(s => s.IsValid).OrderByDescending(s => s.Score).ThenBy(s => s.Report.RouterId, StringComparer.Ordinal).ToList();
            if (valid.Count == 0 || (_choices.Count >= MaxEndpoints && !_choices.ContainsKey(endpointId)))
            {
                return null;
            }

            var previous = _choices.GetValueOrDefault(endpointId);
            var choice = Choose(valid, previous);
            _choices[endpointId] = choice;
            var primary = valid.Find(s => s.Report.RouterId == choice.Primary)!;
            var changed = previous is not null && previous.Primary != choice.Primary;
            return new RouterDecision(
                primary,
                valid.Find(s => s != primary),
                changed ? Stand().FirstOrDefault(s => s.Report.RouterId == previous!.Primary) : null,
                valid);
        }
    }

    private Choice Choose(List<RouterStanding> valid, Choice? previous)
    {
        var now = _time.GetTimestamp();
        var current = valid.Find(s => s.Report.RouterId == previous?.Primary);
        if (current is null)
        {
            // Differences below the threshold are noise: the same router for every endpoint, whoever reported first.
            var equals = valid.Where(s => valid[0].Score - s.Score < _rules.Threshold);
            return new Choice(equals.Min(s => s.Report.RouterId)!, null);
        }

        var leader = valid[0];
        if (leader == current || leader.Score - current.Score < _rules.Threshold)
        {
            return new Choice(previous!.Primary, null);
        }

        if (previous!.LedSince is not { } since)
        {
            return new Choice(previous.Primary, now);
        }

        return _time.GetElapsedTime(since, now) >= _rules.HoldTime ? new Choice(leader.Report.RouterId, null) : previous;
    }

    private IEnumerable<RouterStanding> Stand()
    {
        var now = _time.GetTimestamp();
        return _reports.Values.Select(r =>
        {
            var age = _time.GetElapsedTime(r.At, now);
            return new RouterStanding(r.Report, _rules.Weights.Score(r.Report), age, age <= _rules.MetricsTtl);
        });
    }

    /// <param name="Primary">The router decided for.</param>
    /// <param name="LedSince">Since when another has led by the threshold; <see langword="null"/> while none does.</param>
    private sealed record Choice(string Primary, long? LedSince);
}

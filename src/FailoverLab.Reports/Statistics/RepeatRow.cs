using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>One run as the merged report sees it.</summary>
public sealed record RepeatRow
{
    /// <summary>Name of the run directory.</summary>
    public required string Name { get; init; }

    /// <summary>The run's verdict; absent without a result.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Longest outage of any flow, ns; 0 when traffic was never down; absent when nothing was measured.</summary>
    public long? OutageNs { get; init; }

    /// <summary>Lower end of its interval, ns.</summary>
    public long? OutageLowNs { get; init; }

    /// <summary>Upper end of its interval, ns; absent when traffic never came back.</summary>
    public long? OutageHighNs { get; init; }

    /// <summary>Whether traffic came back after every outage.</summary>
    public bool Recovered { get; init; } = true;

    /// <summary>Longest failover time of any flow by the loss-derived method, ns; absent without a failover.</summary>
    public MeasuredTime? Failover { get; init; }

    /// <summary>Failovers, reversions not counted.</summary>
    public int Failovers { get; init; }

    /// <summary>Packets lost by all flows; absent when no flow has sequence numbers.</summary>
    public long? Lost { get; init; }

    /// <summary>The working paths in order, <c>a → b → a</c>; empty without a move.</summary>
    public string Moves { get; init; } = string.Empty;

    /// <summary>Reads the row off a run.</summary>
    public static RepeatRow Of(ReportInput run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Result is not { } result)
        {
            return new RepeatRow { Name = run.Name };
        }

        var worst = Headline.Worst(result);
        var measured = result.Flows.Count > 0;
        return new RepeatRow
        {
            Name = run.Name,
            Verdict = result.Verdict,
            OutageNs = worst?.DurationNs ?? (measured ? 0 : null),
            OutageLowNs = worst?.LowNs ?? (measured ? 0 : null),
            OutageHighNs = worst is null ? (measured ? 0 : null) : worst.HighNs,
            Recovered = worst?.Recovered ?? true,
            Failover = result.Failovers
                .Where(f => f.Kind == FailoverKind.Failover)
                .SelectMany(f => f.Flows)
                .Select(f => f.Methods.LossDerived ?? f.Methods.TimeBasedLoss ?? f.Methods.RouteSpecificLossDerived)
                .MaxBy(t => t?.ValueNs),
            Failovers = result.Failovers.Count(f => f.Kind == FailoverKind.Failover),
            Lost = result.Flows.Any(f => f.Lost is not null) ? result.Flows.Sum(f => f.Lost ?? 0) : null,
            Moves = string.Join(" → ", PathStory.Chain(result.Failovers).Select(p => p ?? "none")),
        };
    }
}

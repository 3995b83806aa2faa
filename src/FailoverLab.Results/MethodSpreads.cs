namespace FailoverLab.Results;

/// <summary>Each method over all flows of a failover; a method no flow could use is absent.</summary>
public sealed record MethodSpreads
{
    /// <summary>See <see cref="FailoverMethods.LossDerived"/>.</summary>
    public TimeSpread? LossDerived { get; init; }

    /// <summary>See <see cref="FailoverMethods.RateDerivedFirst"/>.</summary>
    public TimeSpread? RateDerivedFirst { get; init; }

    /// <summary>See <see cref="FailoverMethods.RateDerivedFull"/>.</summary>
    public TimeSpread? RateDerivedFull { get; init; }

    /// <summary>See <see cref="FailoverMethods.RouteSpecificLossDerived"/>.</summary>
    public TimeSpread? RouteSpecificLossDerived { get; init; }

    /// <summary>See <see cref="FailoverMethods.TimeBasedLoss"/>.</summary>
    public TimeSpread? TimeBasedLoss { get; init; }

    /// <summary>See <see cref="FailoverMethods.PacketLossBased"/>.</summary>
    public TimeSpread? PacketLossBased { get; init; }

    /// <summary>See <see cref="FailoverMethods.TimestampBased"/>.</summary>
    public TimeSpread? TimestampBased { get; init; }

    /// <summary>Sums up flows.</summary>
    public static MethodSpreads Of(IReadOnlyList<FailoverMethods> flows) => new()
    {
        LossDerived = Spread(flows, m => m.LossDerived),
        RateDerivedFirst = Spread(flows, m => m.RateDerivedFirst),
        RateDerivedFull = Spread(flows, m => m.RateDerivedFull),
        RouteSpecificLossDerived = Spread(flows, m => m.RouteSpecificLossDerived),
        TimeBasedLoss = Spread(flows, m => m.TimeBasedLoss),
        PacketLossBased = Spread(flows, m => m.PacketLossBased),
        TimestampBased = Spread(flows, m => m.TimestampBased),
    };

    private static TimeSpread? Spread(IReadOnlyList<FailoverMethods> flows, Func<FailoverMethods, MeasuredTime?> method)
    {
        var times = flows.Select(method).OfType<MeasuredTime>().OrderBy(t => t.ValueNs).ToList();
        return times.Count == 0 ? null : new TimeSpread(times[0], times[(times.Count - 1) / 2], times[^1]);
    }
}

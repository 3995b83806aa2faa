namespace FailoverLab.Tunnel;

/// <summary>How a path that dies again and again is kept from being returned to (RFC 2439).</summary>
/// <param name="HalfLife">Time in which the penalty halves.</param>
/// <param name="Suppress">Penalty above which the path is damped; each time it is left because it died or was degraded adds 1.</param>
/// <param name="Reuse">Penalty below which it is not any more; below <paramref name="Suppress"/>.</param>
/// <param name="Longest">It is never damped for longer than this after its last death.</param>
public sealed record FlapDampening(TimeSpan HalfLife, double Suppress, double Reuse, TimeSpan Longest)
{
    /// <summary>Four deaths in short succession damp a path for about half a minute.</summary>
    public static FlapDampening Default { get; } = new(TimeSpan.FromSeconds(15), 3.5, 1, TimeSpan.FromMinutes(1));

    /// <summary>Nothing is ever damped.</summary>
    public static FlapDampening Off { get; } = new(TimeSpan.FromSeconds(1), double.PositiveInfinity, 1, TimeSpan.Zero);
}

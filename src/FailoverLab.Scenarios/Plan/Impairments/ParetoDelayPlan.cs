using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>A heavy tail above the least delay (Pareto of the second kind): P(X &gt; min + x) = (1 + x/scale)^-shape.</summary>
/// <param name="Min">Least and most likely delay; 0 s to 60 s.</param>
/// <param name="Scale">Unit of the tail; 0 s to 60 s.</param>
/// <param name="Shape">Exponent of the tail; above 1, at most 100, the smaller the heavier.</param>
public sealed record ParetoDelayPlan(TimeSpan Min, TimeSpan Scale, double Shape) : DelayPlan
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override TimeSpan Mean => Min + (Scale / (Shape - 1));

    /// <inheritdoc/>
    [JsonIgnore]
    public override TimeSpan Fixed => Min;
}

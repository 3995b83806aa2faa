using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>Quantiles at equal steps of probability, the first at 0 and the last at 1; between two of them every delay is equally likely.</summary>
/// <param name="Quantiles">2 to 1,024 delays of 0 s to 60 s, not falling.</param>
public sealed record TableDelayPlan(IReadOnlyList<TimeSpan> Quantiles) : DelayPlan
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override TimeSpan Mean =>
        TimeSpan.FromTicks((long)(Quantiles.Zip(Quantiles.Skip(1), (a, b) => (a.Ticks + b.Ticks) / 2.0).Sum() / (Quantiles.Count - 1)));

    /// <inheritdoc/>
    [JsonIgnore]
    public override TimeSpan Fixed => Quantiles[0];

    /// <summary>Tables are equal when their quantiles are.</summary>
    public bool Equals(TableDelayPlan? other) => other is not null && Quantiles.SequenceEqual(other.Quantiles);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Quantiles.Count, Quantiles[0], Quantiles[^1]);
}

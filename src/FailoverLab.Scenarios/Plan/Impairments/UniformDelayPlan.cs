using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>Every delay of a range is equally likely.</summary>
/// <param name="Min">Smallest; 0 s to 60 s.</param>
/// <param name="Max">Largest; not below <paramref name="Min"/>, at most 60 s.</param>
public sealed record UniformDelayPlan(TimeSpan Min, TimeSpan Max) : DelayPlan
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override TimeSpan Mean => (Min + Max) / 2;

    /// <inheritdoc/>
    [JsonIgnore]
    public override TimeSpan Fixed => Min;
}

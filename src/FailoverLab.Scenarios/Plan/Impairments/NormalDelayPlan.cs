using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>A normal distribution; a draw below 0 becomes 0.</summary>
/// <param name="Center">Mean of the distribution before the cut; 0 s to 60 s.</param>
/// <param name="Deviation">Standard deviation; 0 s to 60 s.</param>
public sealed record NormalDelayPlan(TimeSpan Center, TimeSpan Deviation) : DelayPlan
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override TimeSpan Mean => Center;

    /// <inheritdoc/>
    [JsonIgnore]
    public override TimeSpan Fixed => Center;
}

using System.Text.Json.Serialization;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Random hits, each of which loses several packets in a row.</summary>
/// <param name="Share">Chance that a packet outside a burst begins one.</param>
/// <param name="Burst">Packets lost by a hit, the one that was hit among them; 1 to 1,000,000.</param>
public sealed record BurstLossPlan(Ratio Share, int Burst) : LossPlan
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override double MeanShare => Share.Value * Burst / (1 + (Share.Value * (Burst - 1)));
}

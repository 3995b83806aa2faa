using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>Every n-th packet of the link is lost, without chance.</summary>
/// <param name="Every">1 loses every packet, 5 a fifth of them. 1 to 1,000,000.</param>
public sealed record EveryNthLossPlan(int Every) : LossPlan
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override double MeanShare => 1.0 / Every;
}

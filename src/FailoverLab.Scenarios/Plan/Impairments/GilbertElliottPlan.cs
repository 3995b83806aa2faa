using System.Text.Json.Serialization;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Loss of two states, good and bad; the state may change before every packet. It begins in the good one.</summary>
/// <param name="ToBad">Chance to go from good to bad.</param>
/// <param name="ToGood">Chance to go from bad to good; the mean stay in the bad state is its inverse, in packets.</param>
/// <param name="InBad">Share lost in the bad state.</param>
/// <param name="InGood">Share lost in the good state.</param>
public sealed record GilbertElliottPlan(Ratio ToBad, Ratio ToGood, Ratio InBad, Ratio InGood) : LossPlan
{
    /// <summary>Share of packets that meet the bad state in the long run, 0..1; 0 when the state never changes.</summary>
    [JsonIgnore]
    public double BadShare => ToBad.Value + ToGood.Value > 0 ? ToBad.Value / (ToBad.Value + ToGood.Value) : 0;

    /// <inheritdoc/>
    [JsonIgnore]
    public override double MeanShare => (BadShare * InBad.Value) + ((1 - BadShare) * InGood.Value);
}

using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>
/// Loss that is more than a share of packets drawn one by one; one subtype per model. In JSON the model stands in <c>kind</c>, named as in the file.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(BurstLossPlan), "share")]
[JsonDerivedType(typeof(EveryNthLossPlan), "every")]
[JsonDerivedType(typeof(GilbertElliottPlan), "gilbert")]
[JsonDerivedType(typeof(StateLossPlan), "states")]
public abstract record LossPlan
{
    /// <summary>Share of packets lost in the long run, 0..1.</summary>
    [JsonIgnore]
    public abstract double MeanShare { get; }
}

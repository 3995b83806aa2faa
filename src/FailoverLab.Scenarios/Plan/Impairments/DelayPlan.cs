using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>A delay that is drawn for every packet; one subtype per distribution. In JSON the distribution stands in <c>kind</c>, named as in the file.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(UniformDelayPlan), "uniform")]
[JsonDerivedType(typeof(NormalDelayPlan), "normal")]
[JsonDerivedType(typeof(ParetoDelayPlan), "pareto")]
[JsonDerivedType(typeof(TableDelayPlan), "table")]
public abstract record DelayPlan
{
    /// <summary>Mean of the distribution; what a queue behind it must at least hold.</summary>
    [JsonIgnore]
    public abstract TimeSpan Mean { get; }

    /// <summary>The fixed part, to which a random part is added: the least delay, or the mean where there is no least.</summary>
    [JsonIgnore]
    public abstract TimeSpan Fixed { get; }
}

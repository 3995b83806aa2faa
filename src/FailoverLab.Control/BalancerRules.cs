namespace FailoverLab.Control;

/// <summary>When the balancer changes its mind.</summary>
/// <param name="Weights">How scores are made.</param>
/// <param name="Threshold">Least lead of another router's score.</param>
/// <param name="HoldTime">How long that lead must have lasted without a break.</param>
/// <param name="MetricsTtl">Age beyond which a report no longer counts.</param>
public sealed record BalancerRules(ScoreWeights Weights, double Threshold, TimeSpan HoldTime, TimeSpan MetricsTtl)
{
    /// <summary>0.05 for 30 s; reports count for 30 s.</summary>
    public static BalancerRules Default { get; } = new(ScoreWeights.Default, 0.05, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
}

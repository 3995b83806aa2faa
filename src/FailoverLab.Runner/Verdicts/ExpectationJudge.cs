using System.Globalization;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>Holds expectations against a run's figures. An interval that straddles the limit is inconclusive, not lucky.</summary>
public static class ExpectationJudge
{
    /// <summary>Judges one expectation.</summary>
    /// <param name="expectation">What must hold.</param>
    /// <param name="result">The run; its <see cref="RunResult.StartNs"/> places the window.</param>
    public static ExpectationResult Judge(ExpectationPlan expectation, RunResult result)
    {
        var window = Window.Of(expectation, result);
        var unit = MetricUnit.Of(expectation.Metric);
        if (expectation.Metric == ExpectationMetric.WorkingPath)
        {
            return JudgePath(expectation, WorkingPath.At(result, expectation.Flow, window.ToNs), unit);
        }

        var observed = Observation.Of(expectation, result, window);
        return new ExpectationResult(
            expectation.Text, observed is null ? null : Describe(observed, unit), Limit(expectation, unit), unit.Name, Verdict(expectation, observed));
    }

    private static ExpectationResult JudgePath(ExpectationPlan expectation, string? observed, MetricUnit unit)
    {
        var verdict = observed is null ? Results.Verdict.Inconclusive
            : observed == expectation.Is ? Results.Verdict.Pass
            : Results.Verdict.Fail;
        return new ExpectationResult(expectation.Text, observed, expectation.Is!, unit.Name, verdict);
    }

    private static Verdict Verdict(ExpectationPlan expectation, MeasuredValue? observed)
    {
        if (observed is null)
        {
            return Results.Verdict.Inconclusive;
        }

        var max = expectation.Max ?? double.PositiveInfinity;
        var min = expectation.Min ?? double.NegativeInfinity;
        if (observed.Low > max || observed.High < min)
        {
            return Results.Verdict.Fail;
        }

        return observed.High <= max && observed.Low >= min ? Results.Verdict.Pass : Results.Verdict.Inconclusive;
    }

    private static string Limit(ExpectationPlan expectation, MetricUnit unit) => (expectation.Min, expectation.Max) switch
    {
        ({ } min, { } max) when min.Equals(max) => $"exactly {unit.Format(max)}",
        ({ } min, { } max) => $"{unit.Format(min)} to {unit.Format(max)}",
        (null, { } max) => $"at most {unit.Format(max)}",
        ({ } min, null) => $"at least {unit.Format(min)}",
        _ => "",
    };

    private static string Describe(MeasuredValue observed, MetricUnit unit) =>
        observed.Low.Equals(observed.High)
            ? unit.Format(observed.Value)
            : string.Create(CultureInfo.InvariantCulture, $"{unit.Format(observed.Value)} [{unit.Format(observed.Low)}, {unit.Format(observed.High)}]");
}

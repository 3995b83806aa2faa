using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>The part of a run an expectation looks at, ns since the Unix epoch.</summary>
/// <param name="FromNs">First instant.</param>
/// <param name="ToNs">Last instant.</param>
internal readonly record struct Window(long FromNs, long ToNs)
{
    /// <summary>Places an expectation's window on the run.</summary>
    public static Window Of(ExpectationPlan expectation, RunResult result)
    {
        var start = result.StartNs ?? 0;
        return new Window(
            expectation.From is { } from ? start + (from.Ticks * 100) : long.MinValue,
            expectation.To is { } to ? start + (to.Ticks * 100) : long.MaxValue);
    }

    /// <summary>Whether an instant lies in the window.</summary>
    public bool Holds(long instantNs) => instantNs >= FromNs && instantNs <= ToNs;
}

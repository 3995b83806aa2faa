using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>Draws one verdict from many.</summary>
public static class RunVerdict
{
    /// <summary>A run that ended early is incomplete; else one failure fails it; else one undecided leaves it undecided.</summary>
    /// <param name="expectations">The single verdicts; none at all counts as passed.</param>
    /// <param name="isComplete">Whether the plan was carried through and everything recorded.</param>
    public static Verdict Of(IReadOnlyList<ExpectationResult> expectations, bool isComplete)
    {
        if (!isComplete)
        {
            return Verdict.Incomplete;
        }

        if (expectations.Any(e => e.Verdict == Verdict.Fail))
        {
            return Verdict.Fail;
        }

        return expectations.Any(e => e.Verdict == Verdict.Inconclusive) ? Verdict.Inconclusive : Verdict.Pass;
    }
}

namespace FailoverLab.Results;


/// <summary>What a run or one expectation came to.</summary>
public enum Verdict
{
    /// <summary>The whole interval of the observed value satisfies the limit.</summary>
    Pass,

    /// <summary>No value in the interval satisfies the limit.</summary>
    Fail,

    /// <summary>The limit lies inside the interval, or nothing was observed that could decide.</summary>
    Inconclusive,

    /// <summary>The run ended before its plan did.</summary>
    Incomplete,
}

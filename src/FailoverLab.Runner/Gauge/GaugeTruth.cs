namespace FailoverLab.Runner;

/// <summary>What is true of one cut of the gauge.</summary>
/// <param name="CutNs">First instant that did not pass, ns since the Unix epoch.</param>
/// <param name="GapNs">How long nothing passed, ns.</param>
/// <param name="FromPath">Path before.</param>
/// <param name="ToPath">Path after.</param>
/// <param name="DelayChangeNs">Delay of the path after less that of the path before, ns.</param>
public sealed record GaugeTruth(long CutNs, long GapNs, string FromPath, string ToPath, long DelayChangeNs)
{
    /// <summary>First instant that passed again, ns since the Unix epoch.</summary>
    public long EndNs => CutNs + GapNs;
}

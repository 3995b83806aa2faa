namespace FailoverLab.Results;


/// <summary>One step's planned and actual start.</summary>
/// <param name="Host">Host the step ran on.</param>
/// <param name="Step">Step name.</param>
/// <param name="PlannedNs">Planned start, ns since the Unix epoch.</param>
/// <param name="ActualNs">Actual start, ns since the Unix epoch.</param>
/// <param name="BoundNs">The truth lies within ± this of <paramref name="ActualNs"/>, ns; absent where host and reference share one kernel clock.</param>
public sealed record StepStart(string Host, string Step, long PlannedNs, long ActualNs, long? BoundNs = null);

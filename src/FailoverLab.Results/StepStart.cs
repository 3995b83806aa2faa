namespace FailoverLab.Results;


/// <summary>One step's planned and actual start.</summary>
/// <param name="Host">Host the step ran on.</param>
/// <param name="Step">Step name.</param>
/// <param name="PlannedNs">Planned start, ns since the Unix epoch.</param>
/// <param name="ActualNs">Actual start, ns since the Unix epoch.</param>
public sealed record StepStart(string Host, string Step, long PlannedNs, long ActualNs);

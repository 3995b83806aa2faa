using FailoverLab.Results;

namespace FailoverLab.Testing;

/// <summary>One move of the working path in a sample run.</summary>
/// <param name="Kind">Failover or reversion.</param>
/// <param name="From">Index of the path before.</param>
/// <param name="To">Index of the path after.</param>
/// <param name="Step">Step that caused it.</param>
/// <param name="CauseNs">When the step took effect, ns after the run's start.</param>
/// <param name="UpNs">When packets from the site took the new path, ns after the run's start.</param>
/// <param name="DownNs">When packets to the site did.</param>
public sealed record SampleMove(FailoverKind Kind, int From, int To, string Step, long CauseNs, long UpNs, long DownNs);

namespace FailoverLab.Results;


/// <summary>The clock all instants are given on, and how far each host's own clock is from it.</summary>
/// <param name="Reference">Name of the host whose clock is meant.</param>
/// <param name="Hosts">One entry per host.</param>
public sealed record ClockReport(string Reference, IReadOnlyList<HostClock> Hosts);

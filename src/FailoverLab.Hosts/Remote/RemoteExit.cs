namespace FailoverLab.Hosts;

/// <summary>How a job's own process ended.</summary>
/// <param name="Status">0..255; 128 + signal.</param>
/// <param name="AtNs">When, host clock.</param>
internal readonly record struct RemoteExit(int Status, long AtNs);

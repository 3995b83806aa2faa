namespace FailoverLab.Results;


/// <summary>Which way the working path moved (RFC 6414).</summary>
public enum FailoverKind
{
    /// <summary>From a path that failed or degraded to a backup path.</summary>
    Failover,

    /// <summary>Back to a preferred path after it was restored.</summary>
    Reversion,
}

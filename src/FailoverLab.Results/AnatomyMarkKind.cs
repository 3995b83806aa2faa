namespace FailoverLab.Results;


/// <summary>The marks of a failover, in their usual order.</summary>
public enum AnatomyMarkKind
{
    /// <summary>The fault took effect.</summary>
    Fault,

    /// <summary>Last packet delivered over the old path.</summary>
    LastGood,

    /// <summary>First keepalive that should have come and did not.</summary>
    MissedKeepalive,

    /// <summary>The path was declared dead or degraded.</summary>
    Detected,

    /// <summary>A new path was chosen.</summary>
    Decided,

    /// <summary>The far end was told.</summary>
    Commanded,

    /// <summary>First packet delivered over the new path.</summary>
    FirstOnNewPath,

    /// <summary>First packet of the other direction over the new path.</summary>
    ReverseMoved,

    /// <summary>All flows forwarded again.</summary>
    Recovered,

    /// <summary>Recovery held for the sustained validation time (RFC 6412 section 3.7.5: 5 s).</summary>
    Sustained,
}

namespace FailoverLab.Tunnel;

/// <summary>How fit a path is, best first.</summary>
public enum PathHealth
{
    /// <summary>Heard in time and within the SLA.</summary>
    Alive,

    /// <summary>Heard in time, but loss, round-trip time or jitter is outside the SLA.</summary>
    Degraded,

    /// <summary>A keepalive is missing.</summary>
    Suspect,

    /// <summary>Silent for the whole detection time, never heard, or its link is down.</summary>
    Dead,
}

namespace FailoverLab.Proxmox;

/// <summary>Why a call to a PVE host came to nothing; each has its own cure.</summary>
public enum PveFault
{
    /// <summary>No connection: name, route, port, or the connection was cut before the answer was whole.</summary>
    Unreachable,

    /// <summary>No answer within the call's time.</summary>
    TimedOut,

    /// <summary>The host's certificate is not the pinned one, or not signed by the given authority.</summary>
    Untrusted,

    /// <summary>The credential was not accepted (401), or wants a second factor.</summary>
    Unauthorized,

    /// <summary>The credential may not do this (403).</summary>
    Forbidden,

    /// <summary>There is no such node, machine, task or snapshot.</summary>
    NotFound,

    /// <summary>A parameter was not accepted (400), or would not be; then nothing was sent.</summary>
    BadRequest,

    /// <summary>Somebody else changed the configuration in between (digest); nothing was changed by us.</summary>
    Modified,

    /// <summary>The machine is locked by a backup, snapshot, migration or another task.</summary>
    Locked,

    /// <summary>The guest agent does not answer, or is not set up.</summary>
    NoAgent,

    /// <summary>The host answered with an error of another kind (500).</summary>
    Server,

    /// <summary>The host could not reach the cluster node that was meant (595 to 599, 502 to 504).</summary>
    Proxy,

    /// <summary>The host sent us elsewhere, where we do not go.</summary>
    Redirected,

    /// <summary>The answer is not what PVE answers.</summary>
    Malformed,

    /// <summary>The answer is longer than we read.</summary>
    TooLarge,

    /// <summary>A task ended with an error.</summary>
    TaskFailed,

    /// <summary>A secret cannot be read from where its reference points, or has not the form it must have.</summary>
    NoSecret,

    /// <summary>What was written did not read back.</summary>
    NotTaken,
}

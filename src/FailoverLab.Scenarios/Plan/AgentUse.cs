namespace FailoverLab.Scenarios;

/// <summary>Whether our own agent program runs on a host, beside the plain POSIX shell that always does.</summary>
public enum AgentUse
{
    /// <summary>Where it can run.</summary>
    Auto,

    /// <summary>It must; a host where it cannot is refused.</summary>
    Yes,

    /// <summary>Never: nothing of ours is copied to the host.</summary>
    No,
}

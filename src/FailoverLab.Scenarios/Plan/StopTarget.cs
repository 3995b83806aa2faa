namespace FailoverLab.Scenarios;

/// <summary>What a stop step ends.</summary>
public enum StopTarget
{
    /// <summary>Probe flows sent from the host.</summary>
    Traffic,

    /// <summary>Captures on the host.</summary>
    Capture,

    /// <summary>The host's program of the failover stack (SIGTERM).</summary>
    Stack,
}

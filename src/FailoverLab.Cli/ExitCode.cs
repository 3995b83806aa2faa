namespace FailoverLab.Cli;

/// <summary>What the program's exit status means.</summary>
public enum ExitCode
{
    /// <summary>Every verdict passes.</summary>
    Passed = 0,

    /// <summary>A verdict failed.</summary>
    Failed = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>A scenario, hosts or config file is invalid.</summary>
    InvalidFile = 3,

    /// <summary>Refused before anything was started: privilege, tool or host.</summary>
    Refused = 4,

    /// <summary>The run is incomplete; a partial report was written.</summary>
    Incomplete = 5,

    /// <summary>No verdict could be reached.</summary>
    Inconclusive = 6,

    /// <summary>Something changed could not be put back.</summary>
    NotRestored = 10,

    /// <summary>Our own bug.</summary>
    Bug = 70,

    /// <summary>Ended by Ctrl-C; the lab is restored.</summary>
    Interrupted = 130,

    /// <summary>Ended by SIGTERM; the lab is restored.</summary>
    Terminated = 143,
}

namespace FailoverLab.Hosts;

/// <summary>Why a host cannot be reached over SSH, or not any more.</summary>
public enum SshFailureKind
{
    /// <summary>A name, user or path of the target would be an option or shell text to ssh; nothing was started.</summary>
    BadName,

    /// <summary>The OpenSSH client is not installed.</summary>
    NoClient,

    /// <summary>ssh refused its own configuration.</summary>
    Configuration,

    /// <summary>The host's name could not be resolved.</summary>
    UnknownName,

    /// <summary>Nothing listens on the port.</summary>
    Refused,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>No route to the host.</summary>
    Unreachable,

    /// <summary>The host's key is another than the one kept for it.</summary>
    KeyChanged,

    /// <summary>The host's key is not known and new ones are not accepted.</summary>
    KeyUnknown,

    /// <summary>The host refuses the user, key or password.</summary>
    Authentication,

    /// <summary>The host to go through did not let the connection pass.</summary>
    Jump,

    /// <summary>Logged in, but no POSIX shell answered.</summary>
    NoShell,

    /// <summary>The connection was closed.</summary>
    Closed,

    /// <summary>The far side sent what the protocol does not allow.</summary>
    Garbage,

    /// <summary>The far side stopped answering.</summary>
    Silent,

    /// <summary>Something else; ssh's own words are given.</summary>
    Other,
}

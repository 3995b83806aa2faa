namespace FailoverLab.Scenarios;

/// <summary>How a host is reached.</summary>
public enum HostTransport
{
    /// <summary>This machine.</summary>
    Local,

    /// <summary>A node of the embedded lab.</summary>
    Netns,

    /// <summary>The system's OpenSSH client.</summary>
    Ssh,
}

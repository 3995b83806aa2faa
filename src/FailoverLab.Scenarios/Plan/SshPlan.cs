namespace FailoverLab.Scenarios;

/// <summary>
/// What the OpenSSH client is told about one host; what is absent is left to the person's own ssh_config. Every text was checked when the
/// file was read: none begins with a dash, none holds a control character, a quote or one of ssh's % tokens. File names may hold blanks.
/// </summary>
public sealed record SshPlan
{
    /// <summary>A host of which nothing is known but its name: an alias of ssh_config.</summary>
    public static SshPlan Alias { get; } = new();

    /// <summary>Host name or IP address to connect to; absent when the host's own name is looked up (in ssh_config, then by DNS).</summary>
    public string? Address { get; init; }

    /// <summary>User to log in as.</summary>
    public string? User { get; init; }

    /// <summary>TCP port, 1 to 65535.</summary>
    public int? Port { get; init; }

    /// <summary>Private key: an absolute path, or one that begins with <c>~/</c>.</summary>
    public string? Identity { get; init; }

    /// <summary>File for <c>ssh -F</c>, an absolute path; absent when the person's own file is read.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Host keys of this lab, an absolute path; absent when the caller chooses the place.</summary>
    public string? KnownHosts { get; init; }

    /// <summary>Hosts to go through, as <c>ssh -J</c> takes them: <c>[user@]host[:port]</c>, parted by commas.</summary>
    public string? Jump { get; init; }

    /// <summary>Further options of ssh_config, only of those that can neither run a program nor weaken the check of host keys.</summary>
    public IReadOnlyList<SshOption> Options { get; init; } = [];

    /// <summary>POSIX shell that is started on the far side: a program's name or path.</summary>
    public string Shell { get; init; } = "sh";

    /// <summary>Whether that shell is started by <c>sudo -n</c>.</summary>
    public bool Sudo { get; init; }

    /// <summary>Whether our own agent program is put on the host for better timing.</summary>
    public AgentUse Agent { get; init; }

    /// <summary>File of our published program that runs on the host, absolute; absent when it is this program itself.</summary>
    public string? AgentFile { get; init; }

    /// <summary>Where the password is kept; absent when keys or an ssh-agent do.</summary>
    public SecretReference? Password { get; init; }
}

namespace FailoverLab.Hosts;

/// <summary>How one host is reached by the OpenSSH client; what is absent is left to the person's ssh_config.</summary>
/// <param name="Host">The host's name in the plan; its key is kept under this name.</param>
public sealed record SshTarget(string Host)
{
    /// <summary>Host name, address or ssh_config alias to connect to; absent = <see cref="Host"/>.</summary>
    public string? Address { get; init; }

    /// <summary>User to log in as.</summary>
    public string? User { get; init; }

    /// <summary>TCP port, 1..65535.</summary>
    public int? Port { get; init; }

    /// <summary>Private key file.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>Hosts to go through, as <c>ssh -J</c> takes them.</summary>
    public string? Jump { get; init; }

    /// <summary>Further options of ssh_config, already checked by the reader of the file they come from.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>POSIX shell that is started on the far side: a program's name or path.</summary>
    public string Shell { get; init; } = "sh";

    /// <summary>Whether that shell is started by <c>sudo -n</c>.</summary>
    public bool Sudo { get; init; }

    /// <summary>Reads the password when ssh asks for it; absent = keys or an agent. Never kept.</summary>
    public Func<string>? Password { get; init; }

    /// <summary>Path of our own program on the far side, which answers in place of the shell with better timing; absent = the shell.</summary>
    public string? Agent { get; init; }
}

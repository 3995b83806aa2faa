using System.Text;
using FailoverLab.Dataplane;

namespace FailoverLab.Hosts;

/// <summary>
/// What all SSH connections of one lab share: known keys, configuration, and how many log in at a time. Its directory, readable for this
/// user alone, is removed at the end.
/// </summary>
public sealed class SshLab : IAsyncDisposable
{
    /// <summary>sshd's default lets ten in at a time and then drops at random.</summary>
    private const int MaxLogins = 8;

    private const string Directives = """
          StrictHostKeyChecking accept-new
          GlobalKnownHostsFile /dev/null
          UpdateHostKeys no
          ServerAliveInterval 5
          ServerAliveCountMax 3
          TCPKeepAlive no
          ClearAllForwardings yes
          ForwardAgent no
          ForwardX11 no
          PermitLocalCommand no
          RemoteCommand none
          RequestTTY no
          EscapeChar none
          ControlMaster no
          ControlPath none
          LogLevel ERROR

        """;

    private SshLab(string directory, string program, IClock clock, TimeProvider time)
    {
        Directory = directory;
        Program = program;
        Clock = clock;
        Time = time;
        Turns = new ClockTurns(time);
    }

    /// <summary>The lab's own directory.</summary>
    internal string Directory { get; }

    /// <summary>The OpenSSH client.</summary>
    internal string Program { get; }

    internal IClock Clock { get; }

    internal TimeProvider Time { get; }

    internal ClockTurns Turns { get; }

    internal SemaphoreSlim Logins { get; } = new(MaxLogins, MaxLogins);

    internal string ConfigFile => Path.Combine(Directory, "ssh_config");

    /// <summary>How long a login may take from the first packet to the far shell's first word, and how long a silent host is waited for.</summary>
    public TimeSpan Patience { get; private init; }

    /// <summary>How long the far side goes on without a sign of life from here, then ends everything; whole seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Prepares a lab.</summary>
    /// <param name="knownHosts">File that keeps the lab's host keys; made when missing. New hosts are added, a changed key stops.</param>
    /// <param name="userConfig">The person's ssh_config; absent = <c>~/.ssh/config</c> where it is; <c>none</c> = neither that nor the system's. Never written to.</param>
    /// <param name="clock">Reference clock.</param>
    /// <param name="time">Timers.</param>
    /// <param name="program">OpenSSH client to use.</param>
    /// <param name="patience">See <see cref="Patience"/>; default 15 s.</param>
    /// <exception cref="SshException">A path cannot be given to ssh, or the configuration is not there.</exception>
    public static SshLab Open(string knownHosts, string? userConfig, IClock clock, TimeProvider time, string program = "ssh", TimeSpan? patience = null)
    {
        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", "config");
        var isAlone = userConfig == "none";
        var config = isAlone ? null : userConfig ?? (File.Exists(home) ? home : null);
        foreach (var path in new[] { knownHosts, config }.OfType<string>().Where(p => !SshName.IsPath(p)))
        {
            throw Refused($"the path '{SshFailureReader.Printable(path)}' cannot be given to ssh", "use a path without quotes and control characters");
        }

        if (config is not null && !File.Exists(config))
        {
            throw Refused($"the ssh configuration '{config}' is not there", "check its path");
        }

        // Our directives stand first: the first value wins. A file that is included keeps its own Host blocks.
        var text = new StringBuilder("Host *\n").Append("  UserKnownHostsFile \"").Append(Path.GetFullPath(knownHosts).Replace("%", "%%", StringComparison.Ordinal)).Append("\"\n")
            .Append(Directives);
        foreach (var file in new[] { config is null ? null : Path.GetFullPath(config), isAlone ? null : "/etc/ssh/ssh_config" }.OfType<string>().Where(File.Exists))
        {
            text.Append("Include \"").Append(file).Append("\"\n");
        }

        var lab = new SshLab(System.IO.Directory.CreateTempSubdirectory("failoverlab-ssh-").FullName, program, clock, time) { Patience = patience ?? TimeSpan.FromSeconds(15) };
        File.WriteAllText(lab.ConfigFile, text.ToString());
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(lab.ConfigFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return lab;
    }

    /// <summary>Removes the lab's directory; connections are closed by their own.</summary>
    public ValueTask DisposeAsync()
    {
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }

        Logins.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SshException Refused(string message, string hint) => new(new SshFailure(SshFailureKind.Configuration, "ssh", message, hint));
}

using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>The options of ssh_config a file of ours may set: none that runs a program, forwards anything, or weakens the check of host keys.</summary>
internal static class SshOptions
{
    /// <summary>Names as the manual spells them; they are found in any case.</summary>
    public static IReadOnlyList<string> Allowed { get; } =
    [
        "AddressFamily", "BindAddress", "BindInterface", "CASignatureAlgorithms", "Ciphers", "Compression", "ConnectionAttempts", "ConnectTimeout",
        "HostKeyAlgorithms", "HostKeyAlias", "IPQoS", "IdentitiesOnly", "KbdInteractiveAuthentication", "KexAlgorithms", "LogLevel", "MACs",
        "PasswordAuthentication", "PreferredAuthentications", "PubkeyAcceptedAlgorithms", "PubkeyAuthentication", "RekeyLimit", "RequiredRSASize",
        "ServerAliveCountMax", "ServerAliveInterval", "StrictHostKeyChecking", "TCPKeepAlive",
    ];

    /// <summary>One option, or null when it is refused; then the fault was reported.</summary>
    /// <param name="name">Name as written.</param>
    /// <param name="value">Value as written.</param>
    /// <param name="report">Takes code, message and hint.</param>
    public static SshOption? Read(string name, string value, Action<string, string, string?> report)
    {
        if (Allowed.FirstOrDefault(a => a.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } known)
        {
            report(ScenarioCodes.SshOption, $"the ssh option '{SshForm.Shown(name)}' cannot be set here", Cure(name));
            return null;
        }

        if (!SshForm.IsOptionValue(value))
        {
            report(YamlCodes.Form, $"the value of ssh option '{known}', '{SshForm.Shown(value)}', is not 1 to 512 of A-Z a-z 0-9 @ . _ , + : * ^ -", null);
            return null;
        }

        if (known == "StrictHostKeyChecking" && value is not ("yes" or "accept-new"))
        {
            report(ScenarioCodes.SshOption, $"'StrictHostKeyChecking {SshForm.Shown(value)}' would take any host key", "write yes or accept-new; a lab keeps its own keys in 'known_hosts'");
            return null;
        }

        return new SshOption(known, value);
    }

    private static string Cure(string name) => name.ToUpperInvariant() switch
    {
        "USERKNOWNHOSTSFILE" => "use the key 'known_hosts'",
        "PROXYJUMP" => "use the key 'jump'",
        "IDENTITYFILE" => "use the key 'identity'",
        "USER" or "PORT" => $"use the key '{name.ToLowerInvariant()}'",
        "HOSTNAME" => "use the key 'address'",
        _ => $"allowed: {string.Join(", ", Allowed)}; anything else belongs into your own ssh_config",
    };
}

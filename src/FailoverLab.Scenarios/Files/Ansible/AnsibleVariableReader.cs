using System.Text.RegularExpressions;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads the connection variables of an Ansible inventory. Variables that say nothing about connections are not looked at.</summary>
internal sealed partial class AnsibleVariableReader(DiagnosticBag bag)
{
    /// <summary>The variable that holds what Ansible has no word for: lab, ssh, links, pve.</summary>
    public const string OwnVariable = "failoverlab";

    private static readonly string[] Harmless =
    [
        "ansible_python_interpreter", "ansible_ssh_pipelining", "ansible_pipelining", "ansible_become_method", "ansible_become_user", "ansible_network_os", "ansible_shell_type",
        "ansible_ssh_transfer_method", "ansible_scp_if_ssh", "ansible_ssh_retries", "ansible_ssh_timeout", "ansible_timeout", "ansible_connection_timeout",
    ];

    private static readonly Dictionary<string, HostTransport> Connections = new(StringComparer.Ordinal)
    {
        ["ssh"] = HostTransport.Ssh,
        ["smart"] = HostTransport.Ssh,
        ["ansible.builtin.ssh"] = HostTransport.Ssh,
        ["local"] = HostTransport.Local,
        ["ansible.builtin.local"] = HostTransport.Local,
    };

    private static readonly Dictionary<string, bool> Flags = new(StringComparer.Ordinal)
    {
        ["true"] = true,
        ["True"] = true,
        ["yes"] = true,
        ["Yes"] = true,
        ["false"] = false,
        ["False"] = false,
        ["no"] = false,
        ["No"] = false,
    };

    /// <summary>Reads the variables of one place.</summary>
    /// <param name="variables">The mapping; absent or empty says nothing.</param>
    public AnsibleVariables Read(ValueReader variables)
    {
        if (!variables.IsPresent || variables.IsEmpty)
        {
            return AnsibleVariables.None;
        }

        var found = AnsibleVariables.None;
        foreach (var (key, value) in variables.Entries())
        {
            found = One(key.Text, value, key.Position).Over(found);
        }

        return found;
    }

    private AnsibleVariables One(string name, ValueReader value, SourcePosition position)
    {
        if (!name.StartsWith("ansible_", StringComparison.Ordinal) && name is not ("failoverlab_role" or "failoverlab_agent" or "failoverlab_transport" or "failoverlab_known_hosts"))
        {
            return AnsibleVariables.None;
        }

        var isSecret = name is "ansible_password" or "ansible_ssh_pass" or "ansible_ssh_password";
        if (!isSecret && value.Node is YamlScalar { Text: var text } && text.Contains("{{", StringComparison.Ordinal))
        {
            if (!Harmless.Contains(name))
            {
                value.Error(ScenarioCodes.Ansible, $"{value.What} is a template, and templates are not filled in here", "write its value");
            }

            return AnsibleVariables.None;
        }

        var ssh = new SshConfig { FirstKey = position };
        return name switch
        {
            "failoverlab_role" => AnsibleVariables.None with { Role = value.Text(NameForm.IsNode, "a role (1 to 32 of a-z 0-9 -)") },
            "failoverlab_transport" => AnsibleVariables.None with { Transport = value.OneOf(HostsReader.Transports) },
            "failoverlab_agent" => new(ssh with { Agent = value.OneOf(SshReader.AgentWords) }, null, null),
            "failoverlab_known_hosts" => new(ssh with { KnownHosts = SshReader.FileName(value) }, null, null),
            "ansible_host" or "ansible_ssh_host" => new(ssh with { Address = value.Text(SshForm.IsAddress, SshForm.AddressWords) }, null, null),
            "ansible_user" or "ansible_ssh_user" => new(ssh with { User = value.Text(SshForm.IsUser, SshForm.UserWords) }, null, null),
            "ansible_port" or "ansible_ssh_port" => new(ssh with { Port = (int?)value.WholeNumber(1, 65_535) }, null, null),
            "ansible_ssh_private_key_file" or "ansible_private_key_file" => new(ssh with { Identity = SshReader.FileName(value) }, null, null),
            "ansible_ssh_common_args" or "ansible_ssh_extra_args" or "ansible_ssh_args" => new(SshArguments.Read(value) with { FirstKey = position }, null, null),
            "ansible_shell_executable" => new(ssh with { Shell = value.Text(SshForm.IsShell, SshForm.ShellWords) }, null, null),
            "ansible_become" => new(ssh with { Sudo = value.OneOf(Flags) }, null, null),
            "ansible_connection" => AnsibleVariables.None with { Transport = value.OneOf(Connections) },
            _ when isSecret => new(ssh with { Password = Secret(value) }, null, null),
            "ansible_become_password" or "ansible_become_pass" or "ansible_sudo_pass" => Refused(value, $"{value.What} is not taken: sudo is asked with -n, so it must need no password", "allow the commands in sudoers with NOPASSWD"),
            "ansible_ssh_executable" => Refused(value, $"{value.What} is not taken: ssh is the system's OpenSSH client", "take it away"),
            _ => Passed(name, position),
        };
    }

    /// <summary>A reference of ours, or Ansible's own way to name a variable of the environment.</summary>
    private static SecretReference? Secret(ValueReader value) =>
        value.Node is YamlScalar { Text: var text } && Lookup().Match(text) is { Success: true } found
            ? new SecretReference(SecretSource.Environment, found.Groups[1].Value)
            : SshReader.Secret(value);

    private static AnsibleVariables Refused(ValueReader value, string message, string cure)
    {
        value.Error(ScenarioCodes.Ansible, message, cure);
        return AnsibleVariables.None;
    }

    private AnsibleVariables Passed(string name, SourcePosition position)
    {
        if (!Harmless.Contains(name))
        {
            bag.Warning(ScenarioCodes.Ansible, position, $"the variable '{(name.Length <= 60 ? name.ReplaceLineEndings(" ") : name[..57] + "...")}' is passed over", "only host, user, port, key, arguments, connection, become and password of ssh are read");
        }

        return AnsibleVariables.None;
    }

    [GeneratedRegex(@"^\{\{ *lookup\( *['""](?:ansible\.builtin\.)?env['""] *, *['""]([A-Za-z_][A-Za-z0-9_]*)['""] *\) *\}\}$")]
    private static partial Regex Lookup();
}

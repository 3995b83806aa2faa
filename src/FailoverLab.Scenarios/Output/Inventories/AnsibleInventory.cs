namespace FailoverLab.Scenarios;

/// <summary>An inventory as Ansible reads it. What Ansible has no word for stands in the variable <c>failoverlab</c>.</summary>
internal static class AnsibleInventory
{
    public static string Write(InventoryPlan plan)
    {
        var yaml = new YamlWriter().Open(0, "all").Open(1, "hosts");
        foreach (var host in plan.Hosts)
        {
            yaml.Open(2, host.Name).Text(3, "failoverlab_role", host.Role.Length > 0 ? host.Role : null);
            if (host.Ssh is { } ssh)
            {
                yaml.Text(3, "ansible_connection", "ssh");
                WriteSsh(yaml, ssh);
            }
            else
            {
                yaml.Text(3, "ansible_connection", "local").Text(3, "failoverlab_transport", host.Transport.ToString().ToLowerInvariant());
            }
        }

        if (plan.Groups.Any(g => g.Hosts.Count > 0))
        {
            yaml.Open(1, "children");
        }

        foreach (var group in plan.Groups.Where(g => g.Hosts.Count > 0))
        {
            yaml.Open(2, group.Name).Open(3, "hosts");
            foreach (var host in group.Hosts)
            {
                yaml.Open(4, host);
            }
        }

        if (plan.Topology is not null || plan.Links.Count + plan.Pve.Count > 0)
        {
            yaml.Open(1, "vars").Open(2, AnsibleVariableReader.OwnVariable).Text(3, "lab", plan.Topology?.File);
            OwnInventory.WriteLab(yaml, plan, 3);
        }

        return yaml.ToString();
    }

    private static void WriteSsh(YamlWriter yaml, SshPlan ssh) =>
        yaml.Text(3, "ansible_host", ssh.Address).Text(3, "ansible_user", ssh.User).Number(3, "ansible_port", ssh.Port)
            .Text(3, "ansible_ssh_private_key_file", ssh.Identity).Text(3, "ansible_ssh_common_args", Arguments(ssh))
            .Text(3, "ansible_shell_executable", ssh.Shell == SshPlan.Alias.Shell ? null : ssh.Shell).Flag(3, "ansible_become", ssh.Sudo)
            .Text(3, "ansible_password", Password(ssh.Password)).Text(3, "failoverlab_known_hosts", ssh.KnownHosts)
            .Text(3, "failoverlab_agent", ssh.Agent == AgentUse.Auto ? null : ssh.Agent.ToString().ToLowerInvariant());

    private static string? Arguments(SshPlan ssh)
    {
        var words = new List<string>();
        if (ssh.ConfigFile is { } config)
        {
            words.Add($"-F '{config}'");
        }

        if (ssh.Jump is { } jump)
        {
            words.Add($"-J {jump}");
        }

        words.AddRange(ssh.Options.Select(o => $"-o {o}"));
        return words.Count == 0 ? null : string.Join(' ', words);
    }

    /// <summary>A variable by Ansible's own words; a file only this program reads.</summary>
    private static string? Password(SecretReference? password) =>
        password is { Source: SecretSource.Environment } ? $"{{{{ lookup('env', '{password.Name}') }}}}" : password?.ToString();
}

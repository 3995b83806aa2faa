namespace FailoverLab.Scenarios;

/// <summary>An inventory in our own form; what it was read from gives the same plan again.</summary>
internal static class OwnInventory
{
    public static string Write(InventoryPlan plan)
    {
        var yaml = new YamlWriter().Number(0, "version", 1).Text(0, "lab", plan.Topology?.File).Open(0, "hosts");
        foreach (var host in plan.Hosts)
        {
            yaml.Open(1, host.Name).Text(2, "transport", host.Transport.ToString().ToLowerInvariant()).Text(2, "role", host.Role.Length > 0 ? host.Role : null);
            if (host.Ssh is { } ssh)
            {
                WriteSsh(yaml, ssh);
            }

            WriteStation(yaml, host);
        }

        if (plan.Groups.Any(g => g.Hosts.Count > 0))
        {
            yaml.Open(0, "groups");
        }

        foreach (var group in plan.Groups.Where(g => g.Hosts.Count > 0))
        {
            yaml.List(1, group.Name, group.Hosts);
        }

        WriteLab(yaml, plan, 0);
        return yaml.ToString();
    }

    /// <summary>Links and endpoints, which stand alike in both kinds of file.</summary>
    internal static void WriteLab(YamlWriter yaml, InventoryPlan plan, int level)
    {
        var renamed = (plan.Topology?.WanLinks ?? []).ToList();
        if (plan.Links.Count + renamed.Count > 0)
        {
            yaml.Open(level, "links");
        }

        foreach (var link in renamed)
        {
            yaml.Open(level + 1, link.Name).Text(level + 2, "path", link.Path).Text(level + 2, "wanulator", link.Wanulator);
        }

        foreach (var link in plan.Links)
        {
            yaml.Open(level + 1, link.Name).Text(level + 2, "path", link.Path).Text(level + 2, "driver", link.Driver.ToString().ToLowerInvariant())
                .Text(level + 2, "host", link.Host == RealLinkRules.ThisMachine && link.Driver == LinkDriver.Pve ? null : link.Host)
                .Text(level + 2, "lan", link.Lan).Text(level + 2, "wan", link.Wan).Number(level + 2, "vm", link.VmId).Text(level + 2, "pve", link.Pve)
                .Number(level + 2, "net", link.Net).Text(level + 2, "serial", link.Serial).Text(level + 2, "password", link.Password?.ToString()).Text(level + 2, "router", link.Router)
                .Written(level + 2, "profile", link.ProfileText);
        }

        if (plan.Pve.Count > 0)
        {
            yaml.Open(level, "pve");
        }

        foreach (var pve in plan.Pve)
        {
            yaml.Open(level + 1, pve.Name).Text(level + 2, "url", pve.Url).Text(level + 2, "node", pve.Node).Text(level + 2, "fingerprint", pve.Fingerprint)
                .Text(level + 2, "ca", pve.CaFile).Text(level + 2, "token", pve.Token?.ToString()).Text(level + 2, "user", pve.User).Text(level + 2, "password", pve.Password?.ToString());
        }
    }

    private static void WriteStation(YamlWriter yaml, HostPlan host)
    {
        if (host.Interfaces is { } interfaces)
        {
            yaml.Open(2, "interfaces");
            foreach (var one in interfaces)
            {
                yaml.List(3, one.Name, one.Addresses);
            }
        }

        if (host.Program is { } program)
        {
            yaml.Map(2, "stack", [("program", program), ("config", host.ConfigFile!)]);
        }
    }

    private static void WriteSsh(YamlWriter yaml, SshPlan ssh) =>
        yaml.Text(2, "address", ssh.Address).Text(2, "user", ssh.User).Number(2, "port", ssh.Port).Text(2, "identity", ssh.Identity)
            .Text(2, "config", ssh.ConfigFile).Text(2, "known_hosts", ssh.KnownHosts).Text(2, "jump", ssh.Jump)
            .Map(2, "options", ssh.Options.Select(o => (o.Name, o.Value)))
            .Text(2, "shell", ssh.Shell == SshPlan.Alias.Shell ? null : ssh.Shell).Flag(2, "sudo", ssh.Sudo)
            .Text(2, "agent", ssh.Agent == AgentUse.Auto ? null : ssh.Agent.ToString().ToLowerInvariant()).Text(2, "agent_file", ssh.AgentFile)
            .Text(2, "password", ssh.Password?.ToString());
}

using System.Globalization;
using System.Text;

namespace FailoverLab.Scenarios;

/// <summary>The hosts of an inventory as an ssh_config; everything in it was checked to mean itself and nothing else to ssh.</summary>
internal static class SshConfigInventory
{
    public static string Write(InventoryPlan plan)
    {
        var text = new StringBuilder("# Hosts of FailoverLab; use it with: ssh -F FILE HOST\n");
        foreach (var host in plan.Hosts.Where(h => h.Ssh is not null))
        {
            WriteHost(text, host.Name, host.Ssh!);
        }

        // A file given with -F replaces the person's own, which is asked all the same for what is not said above.
        return text.Append("\nHost *\n    Include ~/.ssh/config\n").ToString();
    }

    private static void WriteHost(StringBuilder text, string name, SshPlan ssh)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nHost {name}\n");
        Line(text, "HostName", ssh.Address);
        Line(text, "User", ssh.User);
        Line(text, "Port", ssh.Port?.ToString(CultureInfo.InvariantCulture));
        Line(text, "IdentityFile", Quoted(ssh.Identity));
        Line(text, "ProxyJump", ssh.Jump);
        Line(text, "UserKnownHostsFile", Quoted(ssh.KnownHosts));
        foreach (var option in ssh.Options)
        {
            Line(text, option.Name, option.Value);
        }

        Line(text, "Include", Quoted(ssh.ConfigFile));
    }

    private static void Line(StringBuilder text, string key, string? value)
    {
        if (value is not null)
        {
            text.Append("    ").Append(key).Append(' ').Append(value).Append('\n');
        }
    }

    private static string? Quoted(string? file) => file is null ? null : $"\"{file}\"";
}

using System.CommandLine;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>What every verb that reads an inventory shares: the file, which of its hosts are meant, and how faults are shown.</summary>
internal sealed class InventoryArguments
{
    public Option<string> File { get; } = new("--hosts") { Description = "Inventory: our own form or Ansible's.", DefaultValueFactory = _ => "hosts.yaml" };

    public Option<string[]> Only { get; } = new("--host") { Description = "Only this host or group; may be given several times." };

    /// <summary>Adds the file, and the choice of hosts where there is one.</summary>
    public void AddTo(Command command, bool choosesHosts)
    {
        command.Options.Add(File);
        if (choosesHosts)
        {
            command.Options.Add(Only);
        }
    }

    /// <summary>Reads the inventory and prints every fault and warning.</summary>
    /// <returns>The inventory, its hosts those asked for; <see langword="null"/> when there was an error.</returns>
    public InventoryPlan? Load(ParseResult parsed, CommandContext context)
    {
        var result = InventoryLoader.Load(parsed.GetRequiredValue(File));
        context.ShowDiagnostics(result.Diagnostics);
        LabSecrets.Withdraw(result.Plan?.Hosts ?? [], result.Plan?.Pve ?? [], result.Plan?.Links ?? []);
        return result.Plan is { } plan ? Choose(plan, parsed.GetValue(Only) ?? [], context) : null;
    }

    /// <summary>Where keys of hosts are kept that name no file: beside the inventory.</summary>
    public static string KnownHosts(InventoryPlan plan) => Path.Combine(Path.GetDirectoryName(plan.File) ?? ".", "known_hosts");

    private static InventoryPlan? Choose(InventoryPlan plan, string[] names, CommandContext context)
    {
        if (names.Length == 0)
        {
            return plan;
        }

        var chosen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (plan.Hosts.Any(h => h.Name == name))
            {
                chosen.Add(name);
            }
            else if (plan.Groups.FirstOrDefault(g => g.Name == name) is { } group)
            {
                chosen.UnionWith(group.Hosts);
            }
            else
            {
                var near = NearestName.Find(name, plan.Hosts.Select(h => h.Name).Concat(plan.Groups.Select(g => g.Name)));
                context.Error.WriteLine($"error: there is no host or group '{TerminalText.Clean(name)}'{(near is null ? "" : $"; did you mean '{near}'?")}");
                return null;
            }
        }

        return plan with { Hosts = [.. plan.Hosts.Where(h => chosen.Contains(h.Name))] };
    }
}

using System.CommandLine;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>inventory</c>: what the hosts file says, with every default filled, in the form asked for; asks no host.</summary>
internal static class InventoryCommand
{
    public static Command Create(CommandContext context)
    {
        var arguments = new InventoryArguments();
        var ssh = new Option<bool>("--ssh-config") { Description = "As an ssh_config." };
        var ansible = new Option<bool>("--ansible") { Description = "As an Ansible inventory." };
        var json = new Option<bool>("--json") { Description = "As one JSON document." };
        var links = new Option<bool>("--links") { Description = "The link map: what changes each link, and where." };
        var command = new Command("inventory", "Print the inventory in our own form, or in another; asks no host.") { ssh, ansible, json, links };
        arguments.AddTo(command, choosesHosts: true);
        command.Validators.Add(result =>
        {
            if (new[] { ssh, ansible, json, links }.Count(o => result.GetValue(o)) > 1)
            {
                result.AddError("--ssh-config, --ansible, --json and --links exclude each other.");
            }
        });
        command.SetAction(parsed =>
        {
            if (arguments.Load(parsed, context) is not { } plan)
            {
                return (int)ExitCode.InvalidFile;
            }

            if (parsed.GetValue(links))
            {
                PrintLinks(plan, context);
                return (int)ExitCode.Passed;
            }

            var text = parsed.GetValue(ssh) ? InventoryText.SshConfig(plan)
                : parsed.GetValue(ansible) ? InventoryText.Ansible(plan)
                : parsed.GetValue(json) ? InventoryText.Json(plan)
                : InventoryText.Own(plan);
            context.Out.WriteLine(text.TrimEnd('\n'));
            return (int)ExitCode.Passed;
        });
        return command;
    }

    private static void PrintLinks(InventoryPlan plan, CommandContext context)
    {
        var map = InventoryText.LinkMap(plan);
        var table = PlainTable.Make([.. map[0]]);
        foreach (var row in map.Skip(1))
        {
            PlainTable.Add(table, [.. row]);
        }

        context.OutConsole.Write(table);
    }
}

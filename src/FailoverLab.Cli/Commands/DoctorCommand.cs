using System.CommandLine;
using FailoverLab.Hosts;

namespace FailoverLab.Cli;

/// <summary><c>doctor</c>: independent checks with evidence and fix, on this machine, on every host over ssh and of every Proxmox VE endpoint; changes nothing.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandContext context)
    {
        var arguments = new InventoryArguments();
        var output = new Option<string>("--out") { Description = "Where run directories go.", DefaultValueFactory = _ => "reports" };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command("doctor", "Look whether this machine, every host and every Proxmox VE endpoint can do what the lab asks of them: evidence and fix per line; changes nothing.") { output, json };
        arguments.AddTo(command, choosesHosts: true);
        command.SetAction(async parsed =>
        {
            if (arguments.Load(parsed, context) is not { } plan)
            {
                return (int)ExitCode.InvalidFile;
            }

            using var interruption = new Interruption();
            try
            {
                // This machine and Proxmox VE are left out only when other hosts are asked for by name.
                var names = plan.Hosts.Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
                var isChosen = (parsed.GetValue(arguments.Only) ?? []).Length > 0;
                var findings = new List<Finding>
                {
                    new("local", "inventory", FindingStatus.Ok, $"{plan.File}: {plan.Hosts.Count} hosts, {plan.Links.Count + (plan.Topology?.WanLinks.Count ?? 0)} links", null),
                };
                var pve = isChosen ? Task.FromResult<IReadOnlyList<Finding>>([]) : new PveRounds(plan, context.Time).ExamineAsync(interruption.Token);
                findings.AddRange(await new HostRounds(plan, context, interruption.Token)
                    .ExamineAsync(parsed.GetRequiredValue(output), s => !isChosen || names.Contains(s.Host.Name)));
                findings.AddRange(await pve);
                if (parsed.GetValue(json))
                {
                    context.Out.WriteLine(DoctorJson.Write(findings));
                }
                else
                {
                    FindingList.Write(context.OutConsole, findings);
                }

                return (int)FindingList.Code(findings);
            }
            catch (OperationCanceledException)
            {
                return (int)(interruption.ExitCode ?? ExitCode.Interrupted);
            }
        });
        return command;
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FailoverLab.Primitives;
using FailoverLab.Proxmox;

namespace FailoverLab.Cli;

/// <summary><c>pve vms HOST</c>: the machines of a host with their cards.</summary>
internal static class PveMachinesCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(CommandContext context)
    {
        var arguments = new PveArguments();
        var json = new Option<bool>("--json") { Description = "One JSON document." };
        var command = new Command("vms", "List the machines of a host with their cards.") { json };
        arguments.AddTo(command);
        command.SetAction((parsed, cancellationToken) => arguments.AskAsync(parsed, context, async client =>
        {
            var node = await client.NodeAsync(cancellationToken);
            var machines = new List<(MachineSummary Machine, IReadOnlyDictionary<int, NetDevice> Nets)>();
            foreach (var machine in await client.MachinesAsync(node, cancellationToken))
            {
                machines.Add((machine, (await client.Machine(node, machine.Vmid).ConfigAsync(cancellationToken)).Nets));
            }

            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(Json(client.Endpoint.Name, node, machines));
            }
            else
            {
                Print(context, machines);
            }

            return ExitCode.Passed;
        }));
        return command;
    }

    private static void Print(CommandContext context, List<(MachineSummary Machine, IReadOnlyDictionary<int, NetDevice> Nets)> machines)
    {
        var table = PlainTable.Make("vm", "name", "state", "up", "card", "bridge", "plug", "rate");
        foreach (var (machine, nets) in machines)
        {
            string[] row =
            [
                machine.Vmid.ToString(CultureInfo.InvariantCulture), TerminalText.Clean(machine.Name), (machine.IsTemplate ? "template" : machine.IsRunning ? "running" : "stopped") + (machine.Lock is { } held ? $", locked: {TerminalText.Clean(held)}" : ""),
                machine.IsRunning ? DurationText.Format(machine.Uptime) : "",
            ];
            foreach (var (number, net) in nets.OrderBy(n => n.Key).DefaultIfEmpty())
            {
                PlainTable.Add(table, net is null
                    ? [.. row, "", "", "", ""]
                    : [.. row, string.Create(CultureInfo.InvariantCulture, $"net{number}"), TerminalText.Clean(net.Bridge ?? "") + (net.Tag is { } tag ? string.Create(CultureInfo.InvariantCulture, $" vlan {tag}") : ""), net.IsLinkDown ? "pulled" : "in", net.RateBitsPerSecond is { } rate ? new DataRate(rate).ToString() : ""]);
                row = ["", "", "", ""];
            }
        }

        context.OutConsole.Write(table);
    }

    private static string Json(string name, string node, List<(MachineSummary Machine, IReadOnlyDictionary<int, NetDevice> Nets)> machines) => JsonSerializer.Serialize(
        new
        {
            endpoint = name,
            node,
            machines = machines.Select(m => new
            {
                vmid = m.Machine.Vmid,
                name = m.Machine.Name,
                running = m.Machine.IsRunning,
                uptimeSeconds = (long)m.Machine.Uptime.TotalSeconds,
                @lock = m.Machine.Lock,
                template = m.Machine.IsTemplate,
                nets = m.Nets.OrderBy(n => n.Key).Select(n => new { net = n.Key, bridge = n.Value.Bridge, tag = n.Value.Tag, mac = n.Value.MacAddress, linkDown = n.Value.IsLinkDown, rateBitsPerSecond = n.Value.RateBitsPerSecond, text = n.Value.Text }),
            }),
        },
        Indented);
}

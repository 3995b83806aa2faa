using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FailoverLab.Primitives;
using FailoverLab.Proxmox;

namespace FailoverLab.Cli;

/// <summary><c>pve vms HOST</c>: the machines of a host with their cards.</summary>
internal static class PveMachinesCommand
{
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

    private static string Json(string name, string node, List<(MachineSummary Machine, IReadOnlyDictionary<int, NetDevice> Nets)> machines)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("endpoint", name);
            json.WriteString("node", node);
            json.WriteStartArray("machines");
            foreach (var (machine, nets) in machines)
            {
                Write(json, machine, nets);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    private static void Write(Utf8JsonWriter json, MachineSummary machine, IReadOnlyDictionary<int, NetDevice> nets)
    {
        json.WriteStartObject();
        json.WriteNumber("vmid", machine.Vmid);
        json.WriteString("name", machine.Name);
        json.WriteBoolean("running", machine.IsRunning);
        json.WriteNumber("uptimeSeconds", (long)machine.Uptime.TotalSeconds);
        json.WriteString("lock", machine.Lock);
        json.WriteBoolean("template", machine.IsTemplate);
        json.WriteStartArray("nets");
        foreach (var (number, net) in nets.OrderBy(n => n.Key))
        {
            Write(json, number, net);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, int number, NetDevice net)
    {
        json.WriteStartObject();
        json.WriteNumber("net", number);
        json.WriteString("bridge", net.Bridge);
        Write(json, "tag", net.Tag);
        json.WriteString("mac", net.MacAddress);
        json.WriteBoolean("linkDown", net.IsLinkDown);
        Write(json, "rateBitsPerSecond", net.RateBitsPerSecond);
        json.WriteString("text", net.Text);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}

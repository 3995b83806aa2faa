using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads steps that start and signal the programs of the failover stack.</summary>
internal sealed class ProgramStepReader(Inventory inventory)
{
    public IReadOnlyList<StepEntry> ReadStart(StepDraft draft, ValueReader value)
    {
        value.OneOf("start");
        var able = inventory.Stations.Where(n => n.Program is not null).ToList();
        if (draft.Hosts.IsPresent)
        {
            var asked = Able(draft.Hosts);
            able = [.. able.Where(asked.Contains)];
        }
        else if (able.Count == 0 && inventory.IsComplete)
        {
            value.Error(ScenarioCodes.NoLab, "no host of the lab has a program of the failover stack", "give nodes of the topology 'program' and 'config', or hosts over ssh 'stack'");
        }
        return [.. able.Select(n => new StepEntry(n.Name, n.Name, new StackStart(n.Program!, n.ConfigFile!),
            $"failoverlab {n.Program} --config {n.ConfigFile}", $"stop {n.Program} (SIGTERM)"))];
    }

    public IReadOnlyList<StepEntry> ReadKill(StepDraft draft, ValueReader value)
    {
        var hosts = value;
        var signal = "KILL";
        if (value.Node is YamlMapping && value.Mapping("a kill step") is { } kill)
        {
            hosts = kill.Require("host");
            signal = kill.Optional("signal").OneOf("KILL", "TERM", "STOP", "CONT") ?? signal;
            kill.Finish();
        }
        if (draft.Hosts.IsPresent)
        {
            draft.Hosts.Error(ScenarioCodes.HostsWithoutMeaning, "'hosts' says nothing in a kill step: it names its host itself", "leave it out");
        }
        return [.. Able(hosts).Select(n => new StepEntry(n.Name, n.Name, new StackKill(signal),
            $"kill -{signal} {n.Program}", signal == "STOP" ? $"kill -CONT {n.Program}" : ""))];
    }

    private List<NodePlan> Able(ValueReader hosts)
    {
        var able = new List<NodePlan>();
        foreach (var host in inventory.FindHosts(hosts))
        {
            if (inventory.Station(host.Name) is { Program: not null } node)
            {
                able.Add(node);
            }
            else if (inventory.IsComplete)
            {
                hosts.Error(ScenarioCodes.UnableHost, $"host '{host.Name}' runs no program of the failover stack",
                    inventory.Stations.Where(n => n.Program is not null).Select(n => n.Name).ToList() is { Count: > 0 } those && host.Transport == HostTransport.Netns
                        ? $"those that do: {string.Join(", ", those)}"
                        : "give it 'stack: { program: ..., config: ... }' in the hosts file, or start and end one with 'run' steps there");
            }
        }
        return able;
    }
}

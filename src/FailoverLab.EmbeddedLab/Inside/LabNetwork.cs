using FailoverLab.Linux;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>The namespaces and cables of a topology, as they stand in the kernel. Ends with the lab process.</summary>
internal sealed class LabNetwork : IDisposable
{
    private readonly Dictionary<string, NetworkNamespace> _nodes = new(StringComparer.Ordinal);

    private LabNetwork()
    {
    }

    /// <summary>Builds it; this process must be alone in its mount and network namespaces.</summary>
    /// <exception cref="LabException">The kernel or iproute2 refused.</exception>
    public static LabNetwork Build(TopologyPlan topology)
    {
        var network = new LabNetwork();
        try
        {
            PrivateMounts.CoverWithTmpfs("/run");
            Ip([.. topology.Nodes.Select(n => $"netns add {n.Name}")]);
            foreach (var node in topology.Nodes)
            {
                var space = NetworkNamespace.Open($"/run/netns/{node.Name}");
                network._nodes.Add(node.Name, space);
                space.Run(() => SetSysctls(node));
            }

            Ip(TopologyCommands.Cables(topology));
            Parallel.ForEach(topology.Nodes, node => Ip(TopologyCommands.Node(topology, node), node.Name));
            foreach (var end in TopologyCommands.AllCables(topology).SelectMany(c => new[] { c.A, c.B }))
            {
                // Captures and emulators must see packets as they would be on a wire: whole checksums, no super-frames.
                network[end.Node].Run(() => InterfaceControl.DisableOffloads(end.Interface));
            }

            return network;
        }
        catch (Exception failure) when (failure is LinuxException or AggregateException or IOException or UnauthorizedAccessException)
        {
            network.Dispose();
            var cause = failure is AggregateException several ? several.InnerExceptions[0] : failure;
            throw new LabException(cause.Message, failure);
        }
    }

    /// <summary>The namespace of a node.</summary>
    public NetworkNamespace this[string node] => _nodes[node];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var space in _nodes.Values)
        {
            space.Dispose();
        }
    }

    private static void Ip(IReadOnlyList<string> commands, string? node = null)
    {
        if (IpBatch.Run(commands, node) is { Length: > 0 } complaint)
        {
            throw new LabException($"iproute2 in {node ?? "the lab"}: {complaint}");
        }
    }

    private static void SetSysctls(NodePlan node)
    {
        foreach (var (key, value) in TopologyCommands.Sysctls(node))
        {
            var file = $"/proc/sys/{key}";
            if (File.Exists(file))
            {
                File.WriteAllText(file, value);
            }
        }
    }
}

using System.Globalization;

namespace FailoverLab.Proxmox;

/// <summary>
/// One PVE host or cluster over its API. Safe for several callers. Every call has a time limit; reads are repeated where the answer was lost, writes are
/// not. Nothing of it is asked before the first call.
/// </summary>
public sealed class PveClient : IDisposable
{
    private readonly PveTransport _transport;
    private readonly TimeProvider _time;

    /// <summary>A client of one endpoint.</summary>
    /// <param name="endpoint">Without faults, see <see cref="PveEndpoint.Faults"/>.</param>
    /// <param name="time">Wall clock and timers.</param>
    /// <exception cref="ArgumentException">The endpoint has faults.</exception>
    /// <exception cref="PveException">The authority's file cannot be read.</exception>
    public PveClient(PveEndpoint endpoint, TimeProvider time)
    {
        if (endpoint.Faults() is [var fault, ..])
        {
            throw new ArgumentException($"{endpoint.Name}: {fault.Key}: {fault.Message}", nameof(endpoint));
        }

        (Endpoint, _time, _transport) = (endpoint, time, new PveTransport(endpoint, time));
        Tasks = new PveTasks(_transport, time);
    }

    /// <summary>Which host.</summary>
    public PveEndpoint Endpoint { get; }

    /// <summary>Its tasks.</summary>
    public PveTasks Tasks { get; }

    /// <summary>Its version.</summary>
    /// <exception cref="PveException">It cannot be asked.</exception>
    public async Task<PveVersion> VersionAsync(CancellationToken cancellationToken)
    {
        var reply = (await _transport.SendAsync(PveCalls.Version.With(), cancellationToken)).Object();
        return new PveVersion(PveText.Clean(reply.Text("version"), 40), PveText.Clean(reply.Text("release"), 40));
    }

    /// <summary>The cluster's nodes, by name.</summary>
    /// <exception cref="PveException">It cannot be asked.</exception>
    public async Task<IReadOnlyList<PveNode>> NodesAsync(CancellationToken cancellationToken)
    {
        var reply = await _transport.SendAsync(PveCalls.Nodes.With(), cancellationToken);
        return [.. reply.Objects().Select(n => new PveNode(n.Text("node"), n.TextOrNull("status") == "online", Seconds(n.NumberOrNull("uptime")))).OrderBy(n => n.Name, StringComparer.Ordinal)];
    }

    /// <summary>The node that carries the machines: the endpoint's own, else the only one there is.</summary>
    /// <exception cref="PveException">There are several (<see cref="PveFault.BadRequest"/>), or it cannot be asked.</exception>
    public async Task<string> NodeAsync(CancellationToken cancellationToken)
    {
        if (Endpoint.Node is { } named)
        {
            return named;
        }

        var nodes = await NodesAsync(cancellationToken);
        return nodes is [var only] ? only.Name
            : throw new PveException(PveFault.BadRequest, $"{Endpoint.Name} has {nodes.Count} nodes: {PveText.Clean(string.Join(", ", nodes.Select(n => n.Name)))}", "name the one that is meant: node: NAME");
    }

    /// <summary>The machines of a node, by number; those the credential may see.</summary>
    /// <exception cref="PveException">It cannot be asked.</exception>
    public async Task<IReadOnlyList<MachineSummary>> MachinesAsync(string node, CancellationToken cancellationToken)
    {
        var reply = await _transport.SendAsync(PveCalls.Machines.With(("node", node)), cancellationToken);
        return
        [
            .. reply.Objects().Select(m => new MachineSummary((int)m.Number("vmid"), PveText.Clean(m.TextOrNull("name") ?? "", 80), m.Text("status") == "running")
            {
                Uptime = Seconds(m.NumberOrNull("uptime")), Lock = m.TextOrNull("lock"), IsTemplate = m.FlagOrNull("template") == true,
            }).OrderBy(m => m.Vmid),
        ];
    }

    /// <summary>What the credential may do.</summary>
    /// <returns>Privileges by object: <c>/vms/101</c> → <c>VM.Audit</c>, ….</returns>
    /// <exception cref="PveException">It cannot be asked.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlySet<string>>> PermissionsAsync(CancellationToken cancellationToken)
    {
        var reply = await _transport.SendAsync(PveCalls.Permissions.With(), cancellationToken);
        return reply.Object().Entries.ToDictionary(
            e => e.Name, IReadOnlySet<string> (e) => PveObject.Of(reply.Call, e.Value).Entries.Select(p => p.Name).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    /// <summary>One machine.</summary>
    /// <param name="node">The node that carries it.</param>
    /// <param name="vmid">Its number, 100 and above.</param>
    public PveMachine Machine(string node, int vmid) => new(_transport, Tasks, _time, Endpoint, node, vmid);

    /// <summary>Ends its connections.</summary>
    public void Dispose() => _transport.Dispose();

    internal static TimeSpan Seconds(long? seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds ?? 0, 0, int.MaxValue));

    internal static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

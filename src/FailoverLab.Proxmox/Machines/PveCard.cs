namespace FailoverLab.Proxmox;

/// <summary>One network card of one machine, on the node that carries it.</summary>
/// <param name="client">Its host.</param>
/// <param name="vmid">The machine's number.</param>
/// <param name="number">The card's number, 0 to 31.</param>
public sealed class PveCard(PveClient client, int vmid, int number)
{
    private PveMachine? _machine;

    /// <summary>The machine's number.</summary>
    public int Vmid => vmid;

    /// <summary>The card as the configuration names it: <c>net0</c>.</summary>
    public string Key => "net" + PveClient.Text(number);

    /// <summary>The machine's state.</summary>
    /// <exception cref="PveException">It cannot be asked.</exception>
    public async Task<MachineStatus> StatusAsync(CancellationToken cancellationToken) => await (await MachineAsync(cancellationToken)).StatusAsync(cancellationToken);

    /// <summary>The card as it is in force, and the digest a change of it must name.</summary>
    /// <exception cref="PveException">There is no such card (<see cref="PveFault.NotFound"/>), or it cannot be asked.</exception>
    public async Task<(NetDevice Device, string Digest)> ReadAsync(CancellationToken cancellationToken)
    {
        var config = await (await MachineAsync(cancellationToken)).ConfigAsync(cancellationToken);
        return config.Nets.TryGetValue(number, out var device)
            ? (device, config.Digest)
            : throw new PveException(
                PveFault.NotFound, $"machine {Vmid} of {client.Endpoint.Name} has no {Key}", $"it has {string.Join(", ", config.Nets.Keys.Order().Select(k => "net" + PveClient.Text(k)).DefaultIfEmpty("no card"))}");
    }

    /// <summary>Writes the card, only where the configuration is still the one that was read.</summary>
    /// <exception cref="PveException">It was not written, or that is not known.</exception>
    public async Task WriteAsync(NetDevice device, string digest, CancellationToken cancellationToken) =>
        await (await MachineAsync(cancellationToken)).SetNetAsync(number, device, digest, cancellationToken);

    private async Task<PveMachine> MachineAsync(CancellationToken cancellationToken) => _machine ??= client.Machine(await client.NodeAsync(cancellationToken), vmid);
}

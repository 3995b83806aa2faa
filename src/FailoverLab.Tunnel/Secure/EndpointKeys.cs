namespace FailoverLab.Tunnel;

/// <summary>What an endpoint's tunnels are made of: version 1 with one seal, or version 2 with a key per router. Never both: an endpoint that is to speak 2 can by nothing be brought to speak 1.</summary>
public sealed class EndpointKeys : IDisposable
{
    private readonly DatagramSeal? _seal;
    private readonly PeerKey[] _routers;
    private readonly ForgeryGuard _guard = new();

    private EndpointKeys(DatagramSeal? seal, PeerKey[] routers)
    {
        _seal = seal;
        _routers = routers;
    }

    /// <summary>Version spoken: 1 or 2.</summary>
    public int Version => _seal is null ? SecureHeader.Version : Packets.TunnelHeader.Version;

    /// <summary>Speaks version 1.</summary>
    /// <param name="seal">The key; not disposed of.</param>
    public static EndpointKeys Version1(DatagramSeal seal) => new(seal, []);

    /// <summary>Speaks version 2.</summary>
    /// <param name="preSharedKey">The text as configured.</param>
    /// <param name="routerIds">Ids of the routers, in the order of the settings.</param>
    public static EndpointKeys Version2(string preSharedKey, IEnumerable<string> routerIds) => new(null, [.. routerIds.Select(id => new PeerKey(preSharedKey, id))]);

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_routers, r => r.Dispose());

    internal ITunnelChannel Open(uint tunnelId, int router, ulong seed, RefusalCounters refusals, in TunnelTime now, ContentTest test) => _seal is null
        ? new InitiatorChannel(tunnelId, _routers[router], refusals, _guard, seed, now)
        : new TunnelChannel(tunnelId, _seal, refusals, now.StampMs, test);
}

namespace FailoverLab.Tunnel;

/// <summary>What a router's tunnels are made of: the seal of version 1, the keys of version 2, or both.</summary>
public sealed class RouterKeys : IDisposable
{
    private readonly string? _common;
    private readonly Dictionary<string, PeerKey> _routers = [];

    /// <summary>Takes version 1 only.</summary>
    /// <param name="seal">The key; not disposed of.</param>
    public RouterKeys(DatagramSeal seal) => Seal = seal;

    /// <summary>Takes version 2, and version 1 where a seal is given.</summary>
    /// <param name="seal">Key of version 1; not disposed of. <see langword="null"/> refuses version 1.</param>
    /// <param name="common">Key text of every peer without an own key, the other routers among them.</param>
    /// <param name="routerId">The router's id.</param>
    /// <param name="own">Own key texts by endpoint number; <see langword="null"/> for none.</param>
    public RouterKeys(DatagramSeal? seal, string common, string routerId, IReadOnlyDictionary<uint, string>? own = null)
    {
        Seal = seal;
        _common = common;
        Peers = new PeerKeys(routerId, common, own);
    }

    internal DatagramSeal? Seal { get; }

    internal PeerKeys? Peers { get; }

    internal ForgeryGuard Guard { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        Peers?.Dispose();
        foreach (var key in _routers.Values)
        {
            key.Dispose();
        }
    }

    /// <summary>The key towards another router; <see langword="null"/> where version 2 is not spoken.</summary>
    internal PeerKey? Towards(string routerId)
    {
        if (_common is null)
        {
            return null;
        }

        if (!_routers.TryGetValue(routerId, out var key))
        {
            _routers[routerId] = key = new PeerKey(_common, routerId);
        }

        return key;
    }
}

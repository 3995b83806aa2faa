namespace FailoverLab.Tunnel;

/// <summary>A router's pre-shared keys: one common to all peers, and own ones by endpoint number. Whoever has an own key cannot use the common one.</summary>
public sealed class PeerKeys : IDisposable
{
    private readonly PeerKey _common;
    private readonly Dictionary<uint, PeerKey> _own;

    /// <summary>Derives all of them.</summary>
    /// <param name="responderId">The router's id.</param>
    /// <param name="common">Key text of every peer without an own key.</param>
    /// <param name="own">Key texts by endpoint number (tunnel id / 100); <see langword="null"/> for none.</param>
    public PeerKeys(string responderId, string common, IReadOnlyDictionary<uint, string>? own = null)
    {
        _common = new PeerKey(common, responderId);
        _own = (own ?? new Dictionary<uint, string>()).ToDictionary(p => p.Key, p => new PeerKey(p.Value, responderId));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _common.Dispose();
        foreach (var key in _own.Values)
        {
            key.Dispose();
        }
    }

    /// <summary>Whether a tunnel's endpoint has a key of its own: then nothing under the common one is its own.</summary>
    internal bool HasOwn(uint tunnelId) => _own.ContainsKey(tunnelId / EndpointSettings.MaxTunnels);

    internal PeerKey Find(uint tunnelId, out bool isOwn)
    {
        isOwn = _own.TryGetValue(tunnelId / EndpointSettings.MaxTunnels, out var own);
        return own ?? _common;
    }
}

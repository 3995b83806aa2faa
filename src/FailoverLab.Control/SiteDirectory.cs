namespace FailoverLab.Control;

/// <summary>
/// Where the site's network controller and business server are, as they last said. What changed can be taken out to be stored, and put back in after a restart.
/// Safe from any thread.
/// </summary>
public sealed class SiteDirectory
{
    /// <summary>The network controller.</summary>
    public const string Controller = "controller";

    /// <summary>The business server.</summary>
    public const string Business = "business";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SiteHost> _hosts = [];
    private readonly HashSet<string> _changed = [];

    /// <summary>Begins with what was kept.</summary>
    public SiteDirectory(IEnumerable<SiteHost> kept)
    {
        foreach (var host in kept)
        {
            _hosts[host.Kind] = host;
        }
    }

    /// <summary>The host of a kind that registered last; <see langword="null"/> when none did.</summary>
    public SiteHost? Find(string kind)
    {
        lock (_lock)
        {
            return _hosts.GetValueOrDefault(kind);
        }
    }

    /// <summary>Takes a host's word; the last one counts.</summary>
    public void Register(SiteHost host)
    {
        lock (_lock)
        {
            _hosts[host.Kind] = host;
            _changed.Add(host.Kind);
        }
    }

    /// <summary>What changed since the last call, as it is now; <see cref="PutBack"/> undoes the taking when it could not be stored.</summary>
    public IReadOnlyList<SiteHost> TakeChanges()
    {
        lock (_lock)
        {
            List<SiteHost> changes = [.. _changed.Select(kind => _hosts[kind])];
            _changed.Clear();
            return changes;
        }
    }

    /// <summary>Counts changes as not yet taken.</summary>
    public void PutBack(IEnumerable<SiteHost> changes)
    {
        lock (_lock)
        {
            _changed.UnionWith(changes.Select(h => h.Kind));
        }
    }
}

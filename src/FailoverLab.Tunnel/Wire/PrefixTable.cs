namespace FailoverLab.Tunnel;

/// <summary>
/// Longest-prefix match for both families: one hash table per prefix length in use, longest first. Lookups allocate nothing.
/// </summary>
/// <typeparam name="T">What a prefix leads to.</typeparam>
public sealed class PrefixTable<T>
    where T : class
{
    private readonly List<(int Length, Dictionary<UInt128, T> Routes)> _ipv4 = [];
    private readonly List<(int Length, Dictionary<UInt128, T> Routes)> _ipv6 = [];

    /// <summary>Adds or replaces a prefix.</summary>
    public void Set(in IpPrefix prefix, T target)
    {
        var levels = prefix.IsIPv6 ? _ipv6 : _ipv4;
        var length = prefix.Length;
        var at = levels.FindIndex(l => l.Length <= length);
        if (at < 0 || levels[at].Length != length)
        {
            at = at < 0 ? levels.Count : at;
            levels.Insert(at, (length, []));
        }

        levels[at].Routes[prefix.Address] = target;
    }

    /// <summary>Removes a prefix if it leads to <paramref name="target"/>.</summary>
    public void Remove(in IpPrefix prefix, T target)
    {
        foreach (var (length, routes) in prefix.IsIPv6 ? _ipv6 : _ipv4)
        {
            if (length == prefix.Length && routes.TryGetValue(prefix.Address, out var found) && ReferenceEquals(found, target))
            {
                routes.Remove(prefix.Address);
            }
        }
    }

    /// <summary>What the longest prefix holding an address leads to; <see langword="null"/> when none does.</summary>
    /// <param name="isIPv6">Family of the address.</param>
    /// <param name="address">As <see cref="IpPrefix.ToNumber"/> gives it.</param>
    public T? Find(bool isIPv6, UInt128 address)
    {
        foreach (var (length, routes) in isIPv6 ? _ipv6 : _ipv4)
        {
            if (routes.TryGetValue(address & IpPrefix.Mask(isIPv6 ? 128 : 32, length), out var target))
            {
                return target;
            }
        }

        return null;
    }
}

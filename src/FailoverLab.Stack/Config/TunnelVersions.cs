using FailoverLab.Tunnel;
using FailoverLab.Yaml;

namespace FailoverLab.Stack;

/// <summary>The router's keys that say which versions of the tunnel it takes and speaks, and which peers have keys of their own.</summary>
/// <param name="Least">Least version taken.</param>
/// <param name="Spoken">Version spoken to other routers.</param>
/// <param name="PeerKeys">Key texts by endpoint number.</param>
internal readonly record struct TunnelVersions(int Least, int Spoken, IReadOnlyDictionary<uint, string> PeerKeys)
{
    private const uint LargestNumber = (uint.MaxValue / EndpointSettings.MaxTunnels) - 1;

    /// <summary>Reads them from the tunnel section.</summary>
    public static TunnelVersions Read(MappingReader tunnel)
    {
        var least = tunnel.Optional("min_version").WholeNumber(1, 2) ?? 1;
        var version = tunnel.Optional("version");
        var spoken = version.WholeNumber(1, 2) ?? least;
        if (spoken < least)
        {
            version.Error(StackCodes.Version, $"'version: {spoken}' is below 'min_version: {least}': other routers with this file would refuse it", "leave 'version' out");
        }

        return new TunnelVersions((int)least, (int)spoken, Keys(tunnel.Optional("peers")));
    }

    private static Dictionary<uint, string> Keys(ValueReader list)
    {
        var keys = new Dictionary<uint, string>();
        foreach (var item in list.Items())
        {
            if (item.Mapping("a peer") is not { } peer)
            {
                continue;
            }

            var number = peer.Require("number").WholeNumber(0, LargestNumber);
            var psk = SecretReader.Read(peer.Require("psk"));
            peer.Finish();
            if (number is not null && psk is not null && !keys.TryAdd((uint)number.Value, psk))
            {
                item.Error(StackCodes.Duplicate, $"endpoint number {number} stands twice");
            }
        }

        return keys;
    }
}

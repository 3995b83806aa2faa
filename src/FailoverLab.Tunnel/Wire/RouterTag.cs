using System.Text;

namespace FailoverLab.Tunnel;

/// <summary>
/// A short name of a router in keepalives, so that one recorded on the way to a router is worth nothing at another: all routers share one key, and
/// neither knows the other's tunnels.
/// </summary>
public static class RouterTag
{
    private const uint Basis = 2_166_136_261;
    private const uint Prime = 16_777_619;

    /// <summary>The 32-bit FNV-1a hash of the id's UTF-8 bytes, or 1 where that is 0.</summary>
    public static uint Of(string routerId)
    {
        var hash = Basis;
        foreach (var octet in Encoding.UTF8.GetBytes(routerId))
        {
            hash = unchecked((hash ^ octet) * Prime);
        }

        return Math.Max(hash, 1);
    }

    /// <summary>Whether what a keepalive says fits; one that says nothing fits all.</summary>
    public static bool Fits(uint said, uint tag) => said == 0 || said == tag;
}

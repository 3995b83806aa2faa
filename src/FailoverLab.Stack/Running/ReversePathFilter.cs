namespace FailoverLab.Stack;

/// <summary>
/// A strict reverse path filter (RFC 3704) drops what comes in over a WAN that is not the best route to its sender, which is every WAN but
/// one. Loose mode is what multihoming needs.
/// </summary>
internal static class ReversePathFilter
{
    /// <summary>Sets an interface to loose mode where it is strict; without the right to, everything stays as it is.</summary>
    /// <param name="device">Interface; <see langword="null"/> does nothing.</param>
    public static void Loosen(string? device)
    {
        if (device is null || device.Contains('/'))
        {
            return;
        }

        try
        {
            if (Read("all") == "1" || Read(device) == "1")
            {
                File.WriteAllText(PathOf(device), "2");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not ours to change: packets then tell whether it matters.
        }
    }

    private static string PathOf(string device) => $"/proc/sys/net/ipv4/conf/{device}/rp_filter";

    private static string Read(string device) => File.ReadAllText(PathOf(device)).Trim();
}

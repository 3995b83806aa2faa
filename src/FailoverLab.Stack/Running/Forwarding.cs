namespace FailoverLab.Stack;

/// <summary>
/// Whether the kernel passes packets on between interfaces: off on a fresh Debian, and then what comes out of a tunnel goes nowhere. It is turned on for the whole
/// network namespace and stays on when the program has ended, for others may have come to rely on it.
/// </summary>
internal static class Forwarding
{
    private const string Off = "0";
    private const string On = "1";
    private const string Always = "2";

    /// <summary>Turns it on for both families where it is off; what was changed, and what could not be, is said.</summary>
    /// <param name="error">Takes what is said.</param>
    /// <param name="root">Where the settings are.</param>
    /// <param name="write">Writes a setting; says why not, or <see langword="null"/>.</param>
    public static void TurnOn(TextWriter error, string root = "/proc/sys/net", Func<string, string, string?>? write = null)
    {
        write ??= TryWrite;
        TurnOn(error, write, "IPv4", "net.ipv4.ip_forward", Path.Combine(root, "ipv4", "ip_forward"));
        var conf = Path.Combine(root, "ipv6", "conf");
        var forwarding = Path.Combine(conf, "all", "forwarding");

        // A machine that forwards no longer heeds router advertisements, unless told to, and drops the default routes it has from them as soon as it is turned on.
        var heeding = Read(forwarding) == Off ? HeedingAdvertisements(conf) : [];
        heeding.ForEach(accept => write(accept, Always));
        if (!TurnOn(error, write, "IPv6", "net.ipv6.conf.all.forwarding", forwarding))
        {
            heeding.ForEach(accept => write(accept, On));
        }
    }

    private static bool TurnOn(TextWriter error, Func<string, string, string?> write, string family, string setting, string path)
    {
        if (Read(path) != Off)
        {
            return false;
        }

        if (write(path, On) is { } refusal)
        {
            error.WriteLine($"warning: {family} forwarding is off and cannot be turned on ({refusal}): what comes out of the tunnel goes nowhere. Set {setting} = 1, as in /etc/sysctl.d/");
            return false;
        }

        error.WriteLine($"note: {family} forwarding was off and is on now: {setting} = 1");
        return true;
    }

    /// <summary>Interfaces that follow router advertisements only as long as they do not forward.</summary>
    private static List<string> HeedingAdvertisements(string conf) =>
        !Directory.Exists(conf) ? [] : [.. Directory.GetDirectories(conf).Select(d => Path.Combine(d, "accept_ra")).Where(f => Read(f) == On)];

    /// <summary>The setting; <see langword="null"/> when there is none, as without IPv6.</summary>
    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Why it could not be written; <see langword="null"/> when it was.</summary>
    private static string? TryWrite(string path, string value)
    {
        try
        {
            File.WriteAllText(path, value);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}

using System.Net;

namespace FailoverLab.Hosts;

/// <summary>A host's own addresses, by which the ends of flows are known whatever the clocks say.</summary>
internal static class OwnAddresses
{
    /// <summary>Asks the host; nothing where it cannot say.</summary>
    public static async Task<IReadOnlyList<HostAddress>> ReadAsync(IShell shell, CancellationToken cancellationToken)
    {
        var said = await shell.RunAsync(new ShellCommand("ip", "-o", "addr", "show"), cancellationToken);
        return said.IsSuccess ? Parse(shell.Host, said.Output) : [];
    }

    /// <summary>Reads lines like <c>2: eth0    inet 192.0.2.2/24 brd …</c>; those of one host only (loopback, link-local) name nobody. Pure.</summary>
    /// <param name="host">The host.</param>
    /// <param name="output">What <c>ip -o addr show</c> printed.</param>
    public static IReadOnlyList<HostAddress> Parse(string host, string output)
    {
        var found = new List<HostAddress>();
        foreach (var line in output.Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, "inet" or "inet6", var text, ..]
                && IPAddress.TryParse(text.Split('/')[0], out var address)
                && !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
            {
                found.Add(new HostAddress(host, address.ToString()));
            }
        }

        return found;
    }
}

using System.Net.Sockets;
using FailoverLab.Linux;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>Makes a TUN interface with its addresses, MTU and routes. All of it ends with the process.</summary>
internal static class TunSetup
{
    /// <summary>Inner MTU: 1400 and 32 bytes of header make an outer packet of 1460 (IPv4) or 1480 (IPv6) bytes.</summary>
    public const int Mtu = 1400;

    /// <summary>Creates and configures the interface.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="addresses">Its addresses.</param>
    /// <param name="routes">Prefixes routed into it.</param>
    /// <param name="more">Further iproute2 commands of the program.</param>
    /// <param name="error">Takes what iproute2 complained of.</param>
    /// <exception cref="LinuxException">No TUN driver, not allowed, or the name is taken.</exception>
    public static OffloadTun Create(string name, IEnumerable<InterfaceAddress> addresses, IEnumerable<IpPrefix> routes, IEnumerable<string> more, TextWriter error)
    {
        var tun = OffloadTun.Create(name);
        var complaint = IpBatch.Run([
            $"link set dev {tun.Name} addrgenmode none",
            $"link set dev {tun.Name} mtu {Mtu} up",
            .. addresses.Select(a => $"address add {a} dev {tun.Name}{(a.Address.AddressFamily == AddressFamily.InterNetworkV6 ? " nodad" : "")}"),
            .. routes.Select(r => Route("replace", r, tun.Name)),
            .. more,
        ], keepGoing: true);
        if (complaint.Length > 0)
        {
            error.WriteLine($"warning: {complaint}");
        }

        return tun;
    }

    /// <summary>A route into the interface as iproute2 takes it.</summary>
    public static string Route(string verb, in IpPrefix prefix, string device) => $"route {verb} {prefix} dev {device}";
}

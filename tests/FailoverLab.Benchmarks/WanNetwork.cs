using System.Diagnostics;
using FailoverLab.Linux;

namespace FailoverLab.Benchmarks;

/// <summary>
/// A site and a far end with a link emulator between them, and a bare cable beside it for the control. Offloads are off everywhere, so that
/// a packet is a packet, unless asked otherwise. Disposing removes all.
/// <code>
/// near: site ══ mid: lan ─[ wan ]─ wan ══ far: far
///       direct ════════════════════════════ direct
/// </code>
/// </summary>
internal sealed class WanNetwork : IDisposable
{
    public const string NearAddress = "203.0.113.1";
    public const string FarAddress = "203.0.113.2";
    public const string DirectAddress = "198.51.100.2";
    private const string DirectNearAddress = "198.51.100.1";
    private readonly List<NetworkNamespace> _open = [];
    private readonly List<Process> _programs = [];

    /// <param name="suffix">Tells the namespaces of one network from those of another.</param>
    /// <param name="hasOffloads">Whether offloads are left as they are, which is on.</param>
    public WanNetwork(string suffix = "", bool hasOffloads = false)
    {
        (NearName, MidName, FarName) = ($"flwan{Environment.ProcessId}a{suffix}", $"flwan{Environment.ProcessId}m{suffix}", $"flwan{Environment.ProcessId}b{suffix}");
        foreach (var name in (string[])[NearName, MidName, FarName])
        {
            TunnelNetwork.Run("ip", "netns", "add", name);
            _open.Add(NetworkNamespace.Open($"/run/netns/{name}"));
        }

        Cable(NearName, "site", MidName, "lan", hasOffloads);
        Cable(MidName, "wan", FarName, "far", hasOffloads);
        Cable(NearName, "direct", FarName, "direct", hasOffloads);
        Address(NearName, "site", NearAddress);
        Address(FarName, "far", FarAddress);
        Address(NearName, "direct", DirectNearAddress);
        Address(FarName, "direct", DirectAddress);
    }

    public string NearName { get; }

    public string MidName { get; }

    public string FarName { get; }

    public NetworkNamespace Near => _open[0];

    public NetworkNamespace Mid => _open[1];

    public NetworkNamespace Far => _open[2];

    /// <summary>Starts a program that serves until the end.</summary>
    public void Serve(string space, params string[] command) => _programs.Add(Start(space, command));

    /// <summary>Starts a program whose standard output is read later.</summary>
    public static Process Start(string space, params string[] command)
    {
        var process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", space, .. command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Packets that came in at the far end so far.</summary>
    public long Received(string device) =>
        long.Parse(TunnelNetwork.In(FarName, "cat", $"/sys/class/net/{device}/statistics/rx_packets"), System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose()
    {
        foreach (var program in _programs)
        {
            program.Kill();
            program.WaitForExit();
            program.Dispose();
        }

        foreach (var space in _open)
        {
            space.Dispose();
        }

        foreach (var name in (string[])[NearName, MidName, FarName])
        {
            TunnelNetwork.Run("ip", "netns", "del", name);
        }
    }

    private static void Cable(string nearSpace, string near, string farSpace, string far, bool hasOffloads)
    {
        TunnelNetwork.Run("ip", "-n", nearSpace, "link", "add", near, "type", "veth", "peer", "name", far, "netns", farSpace);
        foreach (var (space, device) in new[] { (nearSpace, near), (farSpace, far) })
        {
            TunnelNetwork.Run("ip", "-n", space, "link", "set", "dev", device, "addrgenmode", "none", "up");
            if (hasOffloads)
            {
                continue;
            }

            TunnelNetwork.In(space, "ethtool", "-K", device, "tx", "off", "tso", "off", "gso", "off", "gro", "off", "tx-udp-segmentation", "off");
        }
    }

    private static void Address(string space, string device, string address) => TunnelNetwork.Run("ip", "-n", space, "addr", "add", $"{address}/30", "dev", device);
}

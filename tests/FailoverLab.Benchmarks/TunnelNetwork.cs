using System.Diagnostics;

namespace FailoverLab.Benchmarks;

/// <summary>Two machines on one: network namespaces joined by a veth pair, and the programs started in them. Disposing ends and removes all.</summary>
internal sealed class TunnelNetwork : IDisposable
{
    /// <summary>Addresses of both ends of the cable.</summary>
    public const string NearAddress = "203.0.113.1";

    /// <summary>The far end's.</summary>
    public const string FarAddress = "203.0.113.2";

    /// <summary>Name of the cable's end, in both namespaces.</summary>
    public const string Device = "wan0";

    private readonly List<Process> _programs = [];

    /// <summary>Lays the cable.</summary>
    /// <param name="offloads">Whether the cable carries segments and checksums uncut, as a good card does.</param>
    public TunnelNetwork(bool offloads)
    {
        (Near, Far) = ($"flbench{Environment.ProcessId}a", $"flbench{Environment.ProcessId}b");
        Run("ip", "netns", "add", Near);
        Run("ip", "netns", "add", Far);
        Run("ip", "-n", Near, "link", "add", Device, "type", "veth", "peer", "name", Device, "netns", Far);
        foreach (var (space, address) in new[] { (Near, NearAddress), (Far, FarAddress) })
        {
            Run("ip", "-n", space, "link", "set", "lo", "up");
            Run("ip", "-n", space, "addr", "add", $"{address}/30", "dev", Device);
            Run("ip", "-n", space, "link", "set", Device, "up");
            if (!offloads)
            {
                In(space, "ethtool", "-K", Device, "tx", "off", "tso", "off", "gso", "off", "gro", "off", "tx-udp-segmentation", "off");
            }
        }
    }

    /// <summary>The namespace of clients and of our endpoint.</summary>
    public string Near { get; }

    /// <summary>The namespace of servers and of our router.</summary>
    public string Far { get; }

    /// <summary>Runs a command to its end in a namespace.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string In(string space, params string[] command) => Run("ip", ["netns", "exec", space, .. command]);

    /// <summary>Runs a command to its end.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(string program, params string[] arguments)
    {
        new Contender($"{program} {string.Join(' ', arguments)}", program, arguments).Run(out var output);
        return output;
    }

    /// <summary>Starts a program that serves until the end.</summary>
    public void Start(string space, params string[] command)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", space, .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _programs.Add(process);
    }

    /// <summary>Asks an address until it answers.</summary>
    /// <exception cref="InvalidOperationException">It does not within half a minute.</exception>
    public void WaitFor(string address) => In(Near, "sh", "-c", $"for i in $(seq 100); do ping -q -c 1 -W 1 {address} && exit 0; sleep 0.2; done; exit 1");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var program in _programs)
        {
            program.Kill();
            program.WaitForExit();
            program.Dispose();
        }

        Run("ip", "netns", "del", Near);
        Run("ip", "netns", "del", Far);
    }
}

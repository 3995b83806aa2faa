using System.Globalization;

namespace FailoverLab.Benchmarks;

/// <summary>
/// Measures our endpoint and router beside wireguard-go and OpenVPN on the same cable, in turns ours – wireguard-go – OpenVPN – bare cable, and
/// prints a table in Markdown. Needs root, wireguard-go, wg, openvpn, iperf3, ethtool and ping.
/// </summary>
/// <param name="program">Our program, published.</param>
/// <param name="turns">How often each is measured.</param>
/// <param name="seconds">How long each direction is measured.</param>
/// <param name="folder">Where configurations and keys are written.</param>
internal sealed class TunnelBenchmark(string program, int turns, int seconds, string folder)
{
    private const int Mtu = 1420;

    private static readonly TunnelContender[] Contenders =
    [
        new("endpoint and router, v1 with HMAC-SHA256", "192.0.2.130"),
        new("the same, v2 with AES-256-GCM", "192.0.2.146"),
        new("`wireguard-go`", "10.77.0.2"),
        new("`openvpn --cipher none --auth SHA256`", "10.78.0.2"),
        new("no tunnel", TunnelNetwork.FarAddress),
    ];

    /// <summary>Runs everything.</summary>
    /// <exception cref="InvalidOperationException">A program failed.</exception>
    public void Run()
    {
        foreach (var offloads in new[] { true, false })
        {
            var load = Machine.Load();
            var runs = Measure(offloads);
            Console.WriteLine($"Cable with offloads {(offloads ? "on" : "off")}. Load {load} at the start, {Machine.Load()} at the end.\n");
            Print(runs);
        }

        Console.WriteLine($"{Machine.Describe()}; {turns} turns of {seconds} s a direction, medians.");
    }

    private List<TunnelRun>[] Measure(bool offloads)
    {
        using var network = new TunnelNetwork(offloads);
        StartOurs(network, version: 1, port: 51820, net: 128);
        StartOurs(network, version: 2, port: 51821, net: 144);
        StartWireGuard(network);
        StartOpenVpn(network);
        network.Start(network.Far, "iperf3", "-s");
        var runs = Contenders.Select(_ => new List<TunnelRun>()).ToArray();
        foreach (var contender in Contenders)
        {
            network.WaitFor(contender.Address);
        }

        for (var turn = 0; turn < turns; turn++)
        {
            for (var i = 0; i < Contenders.Length; i++)
            {
                runs[i].Add(Contenders[i].Measure(network, seconds));
                Console.Error.WriteLine($"offloads {offloads}, turn {turn + 1}: {Contenders[i].Name}: {runs[i][^1]}, load {Machine.Load()}");
            }
        }

        return runs;
    }

    private static void Print(List<TunnelRun>[] runs)
    {
        var bare = Duel.Median(runs[^1].Select(r => r.RttUs));
        Console.WriteLine("| tunnel | TCP out, Mbit/s | ours / its, worst to best | TCP back, Mbit/s | ours / its, worst to best | round trip, us | of that added |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        for (var i = 0; i < runs.Length; i++)
        {
            var rtt = Duel.Median(runs[i].Select(r => r.RttUs));
            Console.WriteLine($"| {Contenders[i].Name} | {Figures(runs, i, r => r.UpMbps)} | {Figures(runs, i, r => r.DownMbps)} | {rtt:0} | {rtt - bare:0} |");
        }

        Console.WriteLine();
    }

    private static string Figures(List<TunnelRun>[] runs, int i, Func<TunnelRun, double> of)
    {
        var ratios = runs[i].Select((r, turn) => of(runs[0][turn]) / of(r)).ToList();
        var ratio = i == 0 ? "" : $"{Text(Duel.Median(ratios))} ({Text(ratios.Min())} to {Text(ratios.Max())})";
        return $"{Duel.Median(runs[i].Select(of)):0} | {ratio}";
    }

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private void StartOurs(TunnelNetwork network, int version, int port, int net)
    {
        network.Start(network.Far, program, "router", "--config", Write($"router-{version}.yaml", $$"""
            server: { server_id: router-{{version}}, tunnel_id: {{1000 + version}}, bind_address: 0.0.0.0, bind_port: {{port}}, external_ip: {{TunnelNetwork.FarAddress}} }
            tunnel: { psk: a key of a benchmark, min_version: {{version}}, interface_name: fl{{version}}, tun_ipv4: 192.0.2.{{net + 2}}/28, tun_ipv6: "2001:db8:f{{version}}::1/64" }
            """));
        network.Start(network.Near, program, "endpoint", "--config", Write($"endpoint-{version}.yaml", $$"""
            endpoint: { endpoint_id: endpoint_{{version}}, router_policy: priority, wan_interfaces: [ { name: {{TunnelNetwork.Device}}, path: wan-1 } ] }
            tunnel: { psk: a key of a benchmark, version: {{version}}, port: {{port}}, interface_name: fl{{version}}, tun_ipv4: 192.0.2.{{net + 1}}/28, tun_ipv6: "2001:db8:f{{version}}::11/64", routes: [198.51.100.{{net}}/28] }
            routers: [ { router_id: router-{{version}}, external_ip: {{TunnelNetwork.FarAddress}} } ]
            """));
    }

    private void StartWireGuard(TunnelNetwork network)
    {
        const string Name = "wgbench";
        (string Space, string Cable, string Inner)[] ends = [(network.Near, TunnelNetwork.NearAddress, "10.77.0.1"), (network.Far, TunnelNetwork.FarAddress, "10.77.0.2")];
        var keys = ends.Select(e => Write($"{e.Inner}.key", TunnelNetwork.Run("wg", "genkey"))).ToArray();
        for (var i = 0; i < 2; i++)
        {
            network.Start(ends[i].Space, "wireguard-go", "-f", $"{Name}{i}");
        }

        for (var i = 0; i < 2; i++)
        {
            var (space, other) = (ends[i].Space, ends[1 - i]);
            var peer = TunnelNetwork.Run("sh", "-c", $"wg pubkey < '{keys[1 - i]}'").Trim();
            TunnelNetwork.In(space, "sh", "-c", $"for i in $(seq 100); do test -S /var/run/wireguard/{Name}{i}.sock && wg show {Name}{i} && break; sleep 0.1; done");
            TunnelNetwork.In(space, "wg", "set", $"{Name}{i}", "listen-port", "7000", "private-key", keys[i], "peer", peer, "endpoint", $"{other.Cable}:7000", "allowed-ips", "10.77.0.0/24");
            TunnelNetwork.Run("ip", "-n", space, "addr", "add", $"{ends[i].Inner}/24", "dev", $"{Name}{i}");
            TunnelNetwork.Run("ip", "-n", space, "link", "set", $"{Name}{i}", "mtu", Mtu.ToString(CultureInfo.InvariantCulture), "up");
        }
    }

    private void StartOpenVpn(TunnelNetwork network)
    {
        var key = Path.Combine(folder, "openvpn.key");
        TunnelNetwork.Run("openvpn", "--genkey", "secret", key);
        string[] shared = ["--dev-type", "tun", "--dev", "ovbench", "--proto", "udp", "--secret", key, "--auth", "SHA256", "--cipher", "none", "--disable-dco", "--sndbuf", "4000000", "--rcvbuf", "4000000", "--tun-mtu", Mtu.ToString(CultureInfo.InvariantCulture), "--port", "7001"];
        network.Start(network.Near, ["openvpn", .. shared, "--remote", TunnelNetwork.FarAddress, "--ifconfig", "10.78.0.1", "10.78.0.2"]);
        network.Start(network.Far, ["openvpn", .. shared, "--remote", TunnelNetwork.NearAddress, "--ifconfig", "10.78.0.2", "10.78.0.1"]);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}

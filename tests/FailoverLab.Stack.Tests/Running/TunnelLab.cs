using FailoverLab.Primitives;

namespace FailoverLab.Stack.Tests;

/// <summary>
/// Endpoint, two WANs, two routers, a business host, each in a private namespace, with the real programs in between.
/// <code>
///             ┌─ way-1 ─┐       ┌─ router-1 ─┐
///  endpoint ──┤         ├─ hub ─┤            ├─ business
///             └─ way-2 ─┘       └─ router-2 ─┘
/// </code>
/// A WAN is cut silently by ending forwarding in its way.
/// </summary>
internal sealed class TunnelLab : IDisposable
{
    private readonly int _version;
    private readonly bool _isIPv6Outside;
    private readonly List<Site> _sites = [];
    private readonly Dictionary<string, (Thread Thread, CancellationTokenSource Cancel, EventLines Events, StringWriter Errors)> _programs = [];

    /// <param name="version">Version of the tunnel that the endpoint speaks and the routers demand.</param>
    /// <param name="isIPv6Outside">Whether the tunnels run over IPv6.</param>
    public TunnelLab(int version = 1, bool isIPv6Outside = false)
    {
        _version = version;
        _isIPv6Outside = isIPv6Outside;
        Endpoint = Add("endpoint");
        (Way1, Way2, Hub) = (Add("way-1"), Add("way-2"), Add("hub"));
        (Router1, Router2, Business) = (Add("router-1"), Add("router-2"), Add("business"));
        MakeWan1();
        Site.Cable(Endpoint, "w2", ["203.0.113.34/28", "2001:db8:2::2/64"], Way2, "in", ["203.0.113.33/28", "2001:db8:2::1/64"]);
        Site.Cable(Way1, "out", ["203.0.113.129/30", "2001:db8:3::1/64"], Hub, "w1", ["203.0.113.130/30", "2001:db8:3::2/64"]);
        Site.Cable(Way2, "out", ["203.0.113.133/30", "2001:db8:4::1/64"], Hub, "w2", ["203.0.113.134/30", "2001:db8:4::2/64"]);
        Site.Cable(Hub, "r1", ["203.0.113.65/28", "2001:db8:5::1/64"], Router1, "wan", ["203.0.113.66/28", "2001:db8:5::2/64"]);
        Site.Cable(Hub, "r2", ["203.0.113.81/28", "2001:db8:6::1/64"], Router2, "wan", ["203.0.113.82/28", "2001:db8:6::2/64"]);
        Site.Cable(Business, "r1", [], Router1, "core", ["198.51.100.2/24", "2001:db8:300::2/64"]);
        Site.Cable(Business, "r2", [], Router2, "core", ["198.51.100.3/24", "2001:db8:300::3/64"]);
        Business.Ip("link add core0 type bridge", "link set r1 master core0", "link set r2 master core0");
        Business.Address("core0", "198.51.100.10/24", "2001:db8:300::10/64");
        Business.Ip("route add 192.0.2.0/24 via 198.51.100.1", "route add 2001:db8:f::/64 via 2001:db8:300::1");
        Way1.Ip("route add 203.0.113.64/26 via 203.0.113.130", "route add 2001:db8:4::/46 via 2001:db8:3::2");
        Way2.Ip("route add 203.0.113.64/26 via 203.0.113.134", "route add 2001:db8:5::/48 via 2001:db8:4::2", "route add 2001:db8:6::/48 via 2001:db8:4::2");
        Hub.Ip("route add 203.0.113.16/28 via 203.0.113.129", "route add 203.0.113.32/28 via 203.0.113.133", "route add 2001:db8:1::/48 via 2001:db8:3::1", "route add 2001:db8:2::/48 via 2001:db8:4::1");
        Router1.Ip("route add default via 203.0.113.65", "route add default via 2001:db8:5::1");
        Router2.Ip("route add default via 203.0.113.81", "route add default via 2001:db8:6::1");

        // Not the routers: what they need is theirs to turn on.
        foreach (var site in (Site[])[Way1, Way2, Hub])
        {
            site.Forward(true);
        }
    }

    public Site Endpoint { get; }

    public Site Way1 { get; }

    public Site Way2 { get; }

    public Site Hub { get; }

    public Site Router1 { get; }

    public Site Router2 { get; }

    public Site Business { get; }

    /// <summary>Lays the cable of the first WAN, at first or again.</summary>
    public void MakeWan1() => Site.Cable(Endpoint, "w1", ["203.0.113.18/28", "2001:db8:1::2/64"], Way1, "in", ["203.0.113.17/28", "2001:db8:1::1/64"]);

    /// <summary>Starts all three programs and waits until traffic can flow.</summary>
    public void StartAll()
    {
        StartRouter(Router1, 1);
        StartRouter(Router2, 2);
        Start(Endpoint, EndpointYaml, (file, bag, host, cancel) => EndpointConfigReader.Read(file, bag) is { } c ? EndpointProgram.Run(c, host, cancel) : 3);
        Events(Endpoint).WaitFor("ready", TimeSpan.FromSeconds(20));
    }

    public EventLines Events(Site site) => _programs[site.Name].Events;

    public string Log() => string.Join('\n', _programs.Select(p => $"--- {p.Key}\n{string.Join('\n', p.Value.Events.All)}\n{p.Value.Errors}"));

    /// <summary>Ends a program without letting it say goodbye to its peers; there is nothing it would say anyway.</summary>
    public void Stop(Site site)
    {
        if (_programs.TryGetValue(site.Name, out var program))
        {
            program.Cancel.Cancel();
            Assert.That(program.Thread.Join(TimeSpan.FromSeconds(10)), $"{site.Name} did not end");
        }
    }

    public void Dispose()
    {
        foreach (var site in _sites)
        {
            Stop(site);
        }

        _sites.ForEach(s => s.Dispose());
    }

    private string EndpointYaml => $$"""
        endpoint:
          endpoint_id: endpoint_1
          router_policy: priority
          wan_interfaces:
            - { name: w1, path: wan-1, gateway: {{Outside("203.0.113.17", "2001:db8:1::1")}} }
            - { name: w2, path: wan-2, gateway: {{Outside("203.0.113.33", "2001:db8:2::1")}} }
        tunnel:
          psk: a key of a test
          version: {{_version}}
          interface_name: tun0
          tun_ipv4: 192.0.2.129/28
          tun_ipv6: 2001:db8:f::11/64
          keepalive_interval: 0.01
          routes: [198.51.100.0/24, "2001:db8:300::/64"]
        routers:
          - { router_id: router-1, external_ip: {{Outside("203.0.113.66", "2001:db8:5::2")}} }
          - { router_id: router-2, external_ip: {{Outside("203.0.113.82", "2001:db8:6::2")}} }
        """;

    private string RouterYaml(int number) => $$"""
        server:
          server_id: router-{{number}}
          tunnel_id: {{1000 + number}}
          bind_address: {{Outside("0.0.0.0", "::")}}
          external_ip: {{(number == 1 ? Outside("203.0.113.66", "2001:db8:5::2") : Outside("203.0.113.82", "2001:db8:6::2"))}}
          core_interface: core
          gateway: { ipv4: 198.51.100.1, ipv6: "2001:db8:300::1" }
        tunnel:
          psk: a key of a test
          min_version: {{_version}}
          interface_name: tun0
          tun_ipv4: 192.0.2.{{129 + number}}/28
          tun_ipv6: 2001:db8:f::{{number}}/64
        """;

    private string Outside(string ipv4, string ipv6) => _isIPv6Outside ? $"\"{ipv6}\"" : ipv4;

    private void StartRouter(Site site, int number)
    {
        Start(site, RouterYaml(number), (file, bag, host, cancel) => RouterConfigReader.Read(file, bag) is { } c ? RouterProgram.Run(c, host, cancel) : 3);
        Events(site).WaitFor("ready", TimeSpan.FromSeconds(20));
    }

    private void Start(Site site, string yaml, Func<string, DiagnosticBag, ProgramHost, CancellationToken, int> run)
    {
        var cancel = new CancellationTokenSource();
        var events = new EventLines();
        var errors = new StringWriter();
        var thread = new Thread(() =>
        {
            site.Namespace.EnterOnThisThread();
            var file = Path.GetTempFileName();
            File.WriteAllText(file, yaml);
            var bag = new DiagnosticBag();
            var status = run(file, bag, new ProgramHost(events, errors, null), cancel.Token);
            File.Delete(file);
            if (status != 0)
            {
                errors.WriteLine($"status {status}: {string.Join('\n', bag.Sorted())}");
            }
        });
        thread.Start();
        _programs[site.Name] = (thread, cancel, events, errors);
    }

    private Site Add(string name)
    {
        var site = new Site(name);
        _sites.Add(site);
        return site;
    }
}

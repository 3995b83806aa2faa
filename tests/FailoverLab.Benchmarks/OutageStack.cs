using System.Diagnostics;

namespace FailoverLab.Benchmarks;

/// <summary>Our endpoint and two routers in an <see cref="OutageNetwork"/>, and what the endpoint says.</summary>
internal sealed class OutageStack : IDisposable
{
    private readonly OutageNetwork _network;
    private readonly string _program;
    private readonly string _folder;
    private readonly Process?[] _routers = new Process?[2];
    private readonly Process _endpoint;

    public OutageStack(OutageNetwork network, string program, string folder, OutageCase what)
    {
        (_network, _program, _folder) = (network, program, folder);
        StartRouter(0);
        StartRouter(1);
        var config = Path.Combine(folder, "endpoint.yaml");
        File.WriteAllText(config, $$"""
            endpoint:
              endpoint_id: endpoint_1
              router_policy: priority
              wan_interfaces:
                - { name: w1, path: wan-1, gateway: 203.0.113.17 }
                - { name: w2, path: wan-2, gateway: 203.0.113.33 }
              {{what.Endpoint}}
            tunnel:
              psk: a key of a benchmark
              interface_name: tun0
              tun_ipv4: 192.0.2.129/28
              tun_ipv6: 2001:db8:f::11/64
              hold_time: 3600
              dampening: { enabled: false }
              {{what.Tunnel}}
              routes: [198.51.100.0/24]
            routers:
              - { router_id: router-1, external_ip: 203.0.113.66 }
              - { router_id: router-2, external_ip: 203.0.113.82 }
            """);
        _endpoint = Listen(network.Start("endpoint", program, "endpoint", "--config", config));
        WaitUntil(() => View.IsReady, "the endpoint is not ready");
    }

    /// <summary>What the programs say.</summary>
    public EndpointView View { get; } = new();

    /// <summary>Waits until every tunnel of the endpoint is alive.</summary>
    /// <exception cref="InvalidOperationException">One is not within half a minute.</exception>
    public void WaitUntilAllLive() => WaitUntil(() => View.Alive == 4, "a path does not come back");

    /// <summary>Waits for something.</summary>
    /// <param name="condition">What must hold; asked every few ms.</param>
    /// <param name="otherwise">What is wrong when it does not within half a minute.</param>
    /// <exception cref="InvalidOperationException">It did not.</exception>
    public static void WaitUntil(Func<bool> condition, string otherwise)
    {
        if (!SpinWait.SpinUntil(() => condition() || Sleep(), TimeSpan.FromSeconds(30)))
        {
            throw new InvalidOperationException($"{otherwise} within 30 s");
        }

        static bool Sleep()
        {
            Thread.Sleep(3);
            return false;
        }
    }

    /// <summary>Kills a router at once.</summary>
    public void KillRouter(int router)
    {
        _routers[router]?.Kill();
        _routers[router]?.WaitForExit();
        _routers[router] = null;
    }

    /// <summary>Starts a router that was killed.</summary>
    public void StartRouter(int router)
    {
        var config = Path.Combine(_folder, $"router-{router}.yaml");
        File.WriteAllText(config, $$"""
            server:
              server_id: router-{{router + 1}}
              tunnel_id: {{1001 + router}}
              bind_address: 0.0.0.0
              external_ip: {{(router == 0 ? "203.0.113.66" : "203.0.113.82")}}
              core_interface: core
              gateway: { ipv4: 198.51.100.1 }
            tunnel:
              psk: a key of a benchmark
              interface_name: tun0
              tun_ipv4: 192.0.2.{{130 + router}}/28
              tun_ipv6: 2001:db8:f::{{router + 1}}/64
            """);
        var process = _network.Start($"router-{router + 1}", _program, "router", "--config", config);
        process.OutputDataReceived += (_, e) => View.TakeRouter(e.Data);
        process.ErrorDataReceived += static (_, e) => Console.Error.Write(e.Data is null ? "" : e.Data + "\n");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _routers[router] = process;
    }

    public void Dispose()
    {
        KillRouter(0);
        KillRouter(1);
        _endpoint.Kill();
        _endpoint.WaitForExit();
        _endpoint.Dispose();
    }

    private Process Listen(Process process)
    {
        process.OutputDataReceived += (_, e) => View.TakeEndpoint(e.Data);
        process.ErrorDataReceived += static (_, e) => Console.Error.Write(e.Data is null ? "" : e.Data + "\n");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}

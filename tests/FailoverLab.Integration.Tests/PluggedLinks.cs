using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using FailoverLab.EmbeddedLab;
using FailoverLab.Linux;
using FailoverLab.Proxmox;
using FailoverLab.Proxmox.Testing;
using FailoverLab.Scenarios;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FailoverLab.Integration.Tests;

/// <summary>
/// Links whose WANulators are machines of a PVE host on the operator's network: pulling the plug of a machine's card takes the carrier of the true
/// cable between the site and the WANulator.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class PluggedLinks : IAsyncDisposable
{
    private const int FirstMachine = 101;
    private const int Card = 1;
    private readonly IReadOnlyList<WanLinkPlan> _links;
    private readonly SshNamespaces _hosts;
    private readonly NetworkNamespace _management;
    private readonly FakePve _pve;

    private PluggedLinks(IReadOnlyList<WanLinkPlan> links, SshNamespaces hosts, NetworkNamespace management, FakePve pve)
    {
        (_links, _hosts, _management, _pve) = (links, hosts, management, pve);
        _pve.NetChanged = Plug;
    }

    /// <summary>The PVE host's lines of the inventory.</summary>
    public string Host =>
        $$"""
        pve:
          lab: { url: "{{_pve.Url.GetLeftPart(UriPartial.Authority)}}", node: pve1, fingerprint: "{{PveFingerprint.Of(_pve.Certificate)}}", token: "env:FAKE_PVE_LAB" }

        """;

    /// <summary>Requests the published API would not take.</summary>
    public IReadOnlyCollection<string> SchemaFaults => _pve.SchemaFaults;

    /// <summary>Whether the plugs were written to.</summary>
    public bool WereUsed => _pve.Requests.Any(r => r.Method == "PUT");

    public static async Task<PluggedLinks> StartAsync(IReadOnlyList<WanLinkPlan> links, SshNamespaces hosts)
    {
        Environment.SetEnvironmentVariable("FAKE_PVE_LAB", $"{FakePve.Token}={FakePve.TokenSecret}");
        var management = NetworkNamespace.Open($"/run/netns/{hosts.Name(SshNamespaces.Management)}");
        try
        {
            return new PluggedLinks(links, hosts, management, await FakePve.StartAsync(listen: e => management.Run(() => SocketTransportOptions.CreateDefaultBoundListenSocket(e))));
        }
        catch (SocketException)
        {
            management.Dispose();
            throw;
        }
    }

    /// <summary>A link's line of the inventory.</summary>
    public string Link(WanLinkPlan link) =>
        string.Create(CultureInfo.InvariantCulture, $"  {link.Name}: {{ path: {link.Path}, driver: pve, vm: {FirstMachine + Number(link)}, pve: lab, net: {Card} }}");

    public async ValueTask DisposeAsync()
    {
        await _pve.DisposeAsync();
        _management.Dispose();
    }

    private int Number(WanLinkPlan link) => _links.TakeWhile(l => l.Name != link.Name).Count();

    private void Plug(int machine, int card, NetDevice device)
    {
        if (card == Card && machine - FirstMachine < _links.Count && machine >= FirstMachine)
        {
            _hosts.OnAsync(_links[machine - FirstMachine].Wanulator, $"ip link set {WanulatorPorts.Lan} {(device.IsLinkDown ? "down" : "up")}").GetAwaiter().GetResult();
        }
    }
}

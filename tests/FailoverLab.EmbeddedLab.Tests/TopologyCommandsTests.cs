using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab.Tests;

public sealed class TopologyCommandsTests
{
    [Test]
    public void Cables_WanLink_GoesThroughItsWanulator() =>
        Assert.That(TopologyCommands.Cables(Site()), Is.EqualTo(new[]
        {
            "link add name eth0 index 100 netns pc type veth peer name lan index 101 netns edge",
            "link add name sl1 index 102 netns edge type veth peer name lan index 103 netns wan-103",
            "link add name wan index 104 netns wan-103 type veth peer name sl1 index 105 netns hub",
        }));

    [Test]
    public void Node_AddressesAndRoutes_ComeAfterTheirInterfaces() =>
        Assert.That(TopologyCommands.Node(Site(), Site().Nodes[1]), Is.EqualTo(new[]
        {
            "link set dev lo up",
            "link set dev lan up",
            "link set dev sl1 up",
            "address add 192.0.2.1/28 dev lan",
            "address add 2001:db8:1::1/64 dev lan nodad",
            "route add 203.0.113.64/26 via 203.0.113.17 dev sl1 metric 10",
            "route add ::/0 via 2001:db8:103::1",
        }));

    [Test]
    public void Node_Bridge_HasItsPortsBeforeItIsUp() =>
        Assert.That(TopologyCommands.Node(Site(), Site().Nodes[3]), Is.EqualTo(new[]
        {
            "link set dev lo up",
            "link add name core0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
            "link set dev sl1 master core0",
            "link set dev sl1 up",
            "link set dev core0 up",
        }));

    [Test]
    public void Sysctls_ForwardingNode_ForwardsBothFamilies()
    {
        Assert.That(TopologyCommands.Sysctls(Site().Nodes[1]), Does.Contain(("net/ipv4/ip_forward", "1")).And.Contain(("net/ipv6/conf/all/forwarding", "1")));
        Assert.That(TopologyCommands.Sysctls(Site().Nodes[0]), Does.Not.Contain(("net/ipv4/ip_forward", "1")));
    }

    private static TopologyPlan Site() => new()
    {
        File = "/lab/topology.yaml",
        Nodes =
        [
            Node("pc", [new InterfacePlan("eth0", ["192.0.2.2/28"], [])]),
            Node("edge", [new InterfacePlan("lan", ["192.0.2.1/28", "2001:db8:1::1/64"], []), new InterfacePlan("sl1", [], [])]) with
            {
                Forwards = true,
                Routes = [new RoutePlan("203.0.113.64/26", "203.0.113.17", "sl1", 10), new RoutePlan("default", "2001:db8:103::1", null, 0)],
            },
            Node("wan-103", []),
            Node("hub", [new InterfacePlan("core0", [], ["sl1"])]),
        ],
        Cables = [new CablePlan(new CableEnd("pc", "eth0"), new CableEnd("edge", "lan"))],
        WanLinks =
        [
            new WanLinkPlan
            {
                Name = "starlink-1",
                Path = "starlink-1",
                Wanulator = "wan-103",
                VmId = 103,
                Site = new CableEnd("edge", "sl1"),
                Far = new CableEnd("hub", "sl1"),
                Profile = new LinkChange(),
            },
        ],
    };

    private static NodePlan Node(string name, IReadOnlyList<InterfacePlan> interfaces) =>
        new() { Name = name, Role = "", Forwards = false, Interfaces = interfaces, Routes = [] };
}

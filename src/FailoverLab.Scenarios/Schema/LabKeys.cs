namespace FailoverLab.Scenarios;

/// <summary>Keys of hosts files and topologies.</summary>
internal static class LabKeys
{
    private const string Req = KeySpec.RequiredWord;

    public static KeyGroup Hosts { get; } = new("hosts", "the hosts file",
        new("version", "number", "1", Req, "version: 1", "version of this form", Shape.Only(1)),
        new("lab", "file", "relative to the hosts file", "no embedded lab", "lab: lab/topology.yaml", "topology of the embedded lab", Shape.Text()),
        new("hosts", "mapping of hosts, or a list of names", "names of 1 to 253 of A-Z a-z 0-9 . _ : % -", Req, "hosts: { pve: }", "the hosts; a bare name is an alias of ssh_config", Shape.Any(Shape.MapOf(Shape.Any(Shape.Nothing(), Shape.Group("host"))), Shape.ListOf(Shape.Host(), 0))),
        new("groups", "mapping of lists", "names of 1 to 32 of a-z 0-9 -", "none", "groups: { routers: [router-1, router-2] }", "names for several hosts", Shape.MapOf(Shape.OneOrMany(Shape.Text))),
        new("links", "mapping of links", "links of the topology", "path name is the link's name", "links: { byu: { path: byu } }", "names links carry in reports", Shape.MapOf(Shape.Group("link"))));

    public static KeyGroup Host { get; } = new("host", "host",
        new("transport", "word", "`local` (this machine), `netns` (node of the lab), `ssh`", "ssh", "transport: netns", "how the host is reached", Shape.Word(HostsReader.Transports.Keys)),
        new("role", "text", "1 to 32 of a-z 0-9 -", "the topology's", "role: router", "what the host is for", Shape.Name()));

    public static KeyGroup Link { get; } = new("link", "link",
        new("path", "text", "1 to 32 of a-z 0-9 -; unique", "the link's name", "path: starlink-1", "name of the path over this link", Shape.Name()),
        new("wanulator", "node", "the topology's", "the topology's", "wanulator: wan-103", "repeats the topology, and must agree with it", Shape.Text()));

    public static KeyGroup Topology { get; } = new("topology", "the topology file",
        new("version", "number", "1", Req, "version: 1", "version of this form", Shape.Only(1)),
        new("nodes", "mapping of nodes", "names of 1 to 32 of a-z 0-9 -", Req, "nodes: { hub: { role: hub } }", "network namespaces; programs start in this order", Shape.MapOf(Shape.Group("node"))),
        new("cables", "list of pairs", "two `node.interface` each", "none", "cables: [[traffic.lan, endpoint.lan]]", "direct cables; every interface has exactly one", Shape.ListOf(Shape.ListOf(Shape.Text(), 2), 0)),
        new("wan", "mapping of WAN links", "names of 1 to 32 of a-z 0-9 -", "none", "wan: { byu: { ... } }", "links that go through a WANulator", Shape.MapOf(Shape.Group("wanLink"))));

    public static KeyGroup Node { get; } = new("node", "node",
        new("role", "text", "1 to 32 of a-z 0-9 -; `wanulator` for link emulators", Req, "role: router", "what the node is for", Shape.Name()),
        new("forwards", "flag", "true, false", "false", "forwards: true", "whether the node forwards IP packets", Shape.Flag()),
        new("interfaces", "mapping of interfaces", "names of 1 to 15 of A-Z a-z 0-9 . _ -", "none; a WANulator has lan and wan", "interfaces: { lan: [192.0.2.2/28] }", "interfaces with their addresses, or as below", Shape.MapOf(Shape.Any(Shape.Nothing(), Shape.OneOrMany(Shape.Text), Shape.Group("interface")))),
        new("routes", "list of routes", "any", "none", "routes: [{ to: default, via: 192.0.2.1 }]", "static routes", Shape.ListOf(Shape.Group("route"), 0)),
        new("program", "word", "`router`, `endpoint`, `balancer`, `controller`", "none", "program: router", "verb of this program that `stack: start` runs here", Shape.Word("router", "endpoint", "balancer", "controller")),
        new("config", "file", "relative to the topology; with `program` only", "none", "config: stack/router-1.yaml", "the program's config file", Shape.Text()));

    public static KeyGroup Interface { get; } = new("interface", "interface",
        new("addresses", "address, or a list", "documentation ranges, with prefix length; unique", "none", "addresses: [198.51.100.10/24]", "addresses of the interface", Shape.OneOrMany(Shape.Text)),
        new("bridge", "list of interfaces", "interfaces of the node without addresses", "no bridge", "bridge: [r1, r2]", "makes this interface a bridge over these", Shape.ListOf(Shape.Text())));

    public static KeyGroup Route { get; } = new("route", "a route",
        new("to", "prefix", "`default` or address/length", Req, "to: 203.0.113.64/26", "destination", Shape.Text()),
        new("via", "address", "on a network of the node", Req, "via: 203.0.113.17", "next hop; `default` takes its family", Shape.Text()),
        new("device", "interface", "interfaces of the node", "the kernel finds it", "device: sl1", "outgoing interface", Shape.Text()),
        new("metric", "number", "1 to 1000000", "the kernel's", "metric: 10", "preference; the smaller wins", Shape.Whole(1, 1_000_000)));

    public static KeyGroup WanLink { get; } = new("wanLink", "WAN link",
        new("wanulator", "node", "nodes of role wanulator; one link each", Req, "wanulator: wan-103", "the node that emulates the link", Shape.Text()),
        new("vm", "number", "1 to 999999999", Req, "vm: 103", "number of the virtual machine it stands for", Shape.Whole(1, 999_999_999)),
        new("site", "`node.interface`", "not cabled otherwise", Req, "site: endpoint.sl1", "the end at the site with several links", Shape.Text()),
        new("far", "`node.interface`", "not cabled otherwise", Req, "far: hub.sl1", "the far end", Shape.Text()),
        new("profile", "profile, or a mapping", "file beside this one, name of one in `profiles/`, or impairments", "a perfect link", "profile: { delay: 20ms }", "the link when nothing is wrong", Shape.Any(Shape.Text(), Shape.Group("profile"))));
}

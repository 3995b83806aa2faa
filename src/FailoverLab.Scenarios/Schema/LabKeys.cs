namespace FailoverLab.Scenarios;

/// <summary>Keys of hosts files and topologies.</summary>
internal static class LabKeys
{
    private const string Req = KeySpec.RequiredWord;

    /// <summary>Keys of ssh; a property, since each group has JSON nodes of its own.</summary>
    private static KeySpec[] SshKeys =>
    [
        new("user", "text", "1 to 64 of A-Z a-z 0-9 . _ -", "ssh_config's, else your own", "user: root", "whom to log in as", Shape.Text()),
        new("port", "number", "1 to 65535", "ssh_config's, else 22", "port: 2222", "TCP port", Shape.Whole(1, 65_535)),
        new("identity", "file", "relative to the hosts file, or `~/…`", "ssh_config's and your agent's", "identity: ~/.ssh/lab", "private key", Shape.Text()),
        new("config", "file", "relative to the hosts file, or `~/…`", "your own ssh_config", "config: ssh_config", "read in place of your own, as `ssh -F` does", Shape.Text()),
        new("known_hosts", "file", "relative to the hosts file, or `~/…`", "one of the lab's own", "known_hosts: known_hosts", "host keys of the lab; a new key is added, a changed one stops the run", Shape.Text()),
        new("jump", "text", "`[user@]host[:port]`, parted by commas", "none", "jump: gate.example.net", "hosts to go through", Shape.Text()),
        new("options", "mapping of texts", "options that run no program and weaken no check", "none", "options: { ServerAliveInterval: 2 }", "further options of ssh_config", Shape.MapOf(Shape.Any(new System.Text.Json.Nodes.JsonObject { ["type"] = "string" }, new System.Text.Json.Nodes.JsonObject { ["type"] = "integer" }))),
        new("shell", "program", "1 to 128 of A-Z a-z 0-9 . _ / -", "sh", "shell: /bin/dash", "POSIX shell on the far side", Shape.Text()),
        new("sudo", "flag", "true, false", "false", "sudo: true", "whether that shell is started by `sudo -n`", Shape.Flag()),
        new("agent", "word", "`auto`, `yes`, `no`", "auto", "agent: no", "whether our agent program is put on the host for better timing", Shape.Word("auto", "yes", "no")),
        new("agent_file", "file", "relative to the hosts file, or `~/…`", "this program, where it is published as one file", "agent_file: dist/FailoverLab", "our published program that is put on the host, where this one cannot run there", Shape.Text()),
        new("password", "reference", "`env:NAME` or `file:PATH`", "keys and your ssh-agent", "password: env:LAB_PASSWORD", "where the password is kept; never the password", Shape.Secret()),
    ];

    public static KeyGroup Hosts { get; } = new("hosts", "the hosts file",
        new("version", "number", "1", Req, "version: 1", "version of this form", Shape.Only(1)),
        new("lab", "file", "relative to the hosts file", "no embedded lab", "lab: lab/topology.yaml", "topology of the embedded lab", Shape.Text()),
        new("ssh", "mapping", "see below", "your own ssh_config decides", "ssh: { config: ssh_config, known_hosts: known_hosts }", "how ssh reaches every host that does not say otherwise", Shape.Group("ssh")),
        new("hosts", "mapping of hosts, or a list of names", "names of 1 to 253 of A-Z a-z 0-9 . _ : % -", Req, "hosts: { pve: }", "the hosts; a bare name is an alias of ssh_config", Shape.Any(Shape.MapOf(Shape.Any(Shape.Nothing(), Shape.Group("host"))), Shape.ListOf(Shape.Host(), 0))),
        new("groups", "mapping of lists", "names of 1 to 64 of A-Z a-z 0-9 . _ -", "none", "groups: { routers: [router-1, router-2] }", "names for several hosts", Shape.MapOf(Shape.OneOrMany(Shape.Text))),
        new("links", "mapping of links", "links of the topology, or real ones with a `driver`", "path name is the link's name", "links: { byu: { path: byu } }", "the link map: what changes each link, and its name in reports", Shape.MapOf(Shape.Group("link"))),
        new("pve", "mapping of endpoints", "names of 1 to 32 of a-z 0-9 -", "none", "pve: { lab: { url: \"https://192.0.2.2:8006\", token: env:PVE_TOKEN } }", "Proxmox VE hosts or clusters that links name", Shape.MapOf(Shape.Group("pve"))));

    public static KeyGroup Host { get; } = new("host", "host",
    [
        new("transport", "word", "`local` (this machine), `netns` (node of the lab), `ssh`", "ssh", "transport: netns", "how the host is reached", Shape.Word(HostsReader.Transports.Keys)),
        new("role", "text", "1 to 32 of a-z 0-9 -", "the topology's", "role: router", "what the host is for", Shape.Name()),
        new("address", "host name or IP address", "ssh only, as all that follow", "the host's name", "address: 192.0.2.10", "what ssh connects to", Shape.Host()),
        .. SshKeys,
        new("interfaces", "mapping of interfaces", "names of 1 to 15 of A-Z a-z 0-9 . _ -; addresses of any range", "none", "interfaces: { eth1: [192.0.2.2/28] }", "where `traffic` ends and `capture: all` taps; of a router the first is where tunnels arrive", Shape.MapOf(Shape.Any(Shape.Nothing(), Shape.OneOrMany(Shape.Text)))),
        new("stack", "mapping", "see below", "none", "stack: { program: router, config: router.yaml }", "what `stack: start` runs there", Shape.Group("stack")),
    ]);

    public static KeyGroup Stack { get; } = new("stack", "the stack of a host",
        new("program", "word", "`router`, `endpoint`, `balancer`, `controller`", Req, "program: router", "verb of this program", Shape.Word("router", "endpoint", "balancer", "controller")),
        new("config", "file", "relative to the hosts file", Req, "config: router.yaml", "its config file; sent to the host for the run", Shape.Text()));

    public static KeyGroup Ssh { get; } = new("ssh", "the ssh section", [.. SshKeys]);

    public static KeyGroup Link { get; } = new("link", "link",
        new("path", "text", "1 to 32 of a-z 0-9 -; unique", "the link's name", "path: starlink-1", "name of the path over this link", Shape.Name()),
        new("wanulator", "node", "the topology's", "the topology's", "wanulator: wan-103", "repeats the topology, and must agree with it", Shape.Text()),
        new("driver", "word", "`emulator`, `netem`, `nft`, `wanulator`, `pve`", "a link of the embedded lab", "driver: netem", "what changes a real link", Shape.Word(LinkMapReader.Drivers.Keys)),
        new("host", "host", "ssh or local", "required for all but `pve`", "host: pve", "the host that changes it", Shape.Host()),
        new("lan", "interface", "of that host", "required for `emulator`, `netem`, `nft`", "lan: enp2s0f2", "its end towards the site with several links", Shape.Text()),
        new("wan", "interface", "of that host", "required for `emulator`, `netem`, `nft`", "wan: enp2s0f3", "its end towards the provider", Shape.Text()),
        new("vm", "number", "1 to 999999999", "required for `wanulator`, `pve`", "vm: 103", "the virtual machine that carries the link", Shape.Whole(1, 999_999_999)),
        new("pve", "endpoint", "of the `pve` section", "required for `pve`", "pve: lab", "where that virtual machine runs", Shape.Name()),
        new("net", "number", "0 to 31", "required for `pve`", "net: 1", "its card that is switched; `net1` is 1", Shape.Whole(0, 31)),
        new("serial", "file", "absolute", "`/var/run/qemu-server/VM.serial0`", "serial: /var/run/qemu-server/103.serial0", "its serial line on the host; `wanulator` only", Shape.Text()),
        new("password", "reference", "`env:NAME` or `file:PATH`", "required for `wanulator`", "password: env:WANULATOR_PASSWORD", "where the password of its console is kept", Shape.Secret()),
        new("router", "text", "one line of at most 100 characters", "none", "router: csg780-r2 vni-0/1", "the router's port the link ends at, for people", Shape.Text()),
        new("profile", "profile, or a mapping", "file beside this one, name of one in `profiles/` or `lab/profiles/`, or impairments", "a perfect link", "profile: { delay: 20ms }", "a real link when nothing is wrong", Shape.Any(Shape.Text(), Shape.Group("profile"))));

    public static KeyGroup Pve { get; } = new("pve", "endpoint",
        new("url", "address", "https, a host, a port; 8006 where none is written", Req, "url: https://192.0.2.2:8006", "the API", Shape.Pattern("^https://[^/]+/?$")),
        new("node", "text", "1 to 63 of A-Z a-z 0-9 -", "found by the client", "node: pve", "node the virtual machines run on", Shape.Text()),
        new("fingerprint", "text", "32 pairs of 0-9 A-F, parted by colons", "none", "fingerprint: \"AB:CD:…\"", "SHA-256 of the server's certificate; nothing else is trusted then", Shape.Pattern("^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$")),
        new("ca", "file", "relative to the hosts file; not with `fingerprint`", "the system's authorities", "ca: pve-root-ca.pem", "certificate authority to trust", Shape.Text()),
        new("token", "reference", "`env:NAME` or `file:PATH`", "`user` and `password`", "token: env:PVE_TOKEN", "where the API token is kept: `USER@REALM!NAME=SECRET`", Shape.Secret()),
        new("user", "text", "`user@realm`; with `password`", "the token's", "user: root@pam", "whom to log in as", Shape.Text()),
        new("password", "reference", "`env:NAME` or `file:PATH`", "none", "password: file:pve.secret", "where that user's password is kept", Shape.Secret()));

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

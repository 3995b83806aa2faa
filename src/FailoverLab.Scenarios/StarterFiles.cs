namespace FailoverLab.Scenarios;

/// <summary>Files to start a lab of one's own from: they are read without a fault as they are, and say what to put in.</summary>
public static class StarterFiles
{
    private const string Hosts = """
        # yaml-language-server: $schema=./scenarios/schema/hosts.schema.json
        #
        # Who takes part, and what changes each link. Addresses here are those of documentation: put in your own. A host with nothing after
        # its name is an alias of your ssh_config.
        version: 1

        # Host keys of this lab are kept in a file beside this one: a new host is added, a changed key stops the run.
        ssh: { known_hosts: known_hosts }

        hosts:
          client:   { role: traffic, address: 192.0.2.10, user: root }
          server:   { role: business, address: 198.51.100.10, user: root }
          emulator: { role: wanulator, address: 192.0.2.20, user: root }

        groups:
          ends: [client, server]

        # Which interfaces of which host join the link, and what changes it: emulator, netem, nft, wanulator or pve.
        # `failoverlab doctor` proves that ssh does not cross it.
        links:
          fibre:    { driver: netem, host: emulator, lan: eth1, wan: eth2, profile: { delay: 4ms } }
          starlink: { driver: netem, host: emulator, lan: eth3, wan: eth4, profile: { delay: 20ms, jitter: 2ms } }

        # A link carried by a virtual machine on Proxmox VE, switched by its API. The token lives in the environment, never here.
        # pve:
        #   lab: { url: "https://192.0.2.2:8006", node: pve, token: env:PVE_TOKEN }

        """;

    private const string First = """
        # yaml-language-server: $schema=./schema/scenario.schema.json
        version: 1
        name: first
        description: The fibre drops every packet in silence; five seconds later it is back.
        duration: 20s
        steps:
          - at: 0s
            run: { host: server, command: iperf3 -s -1, timeout: 19s }
          - at: 1s
            run: { host: client, command: iperf3 -c 198.51.100.10 -u -b 1M -t 15, timeout: 18s }
          - at: 5s
            degrade: { link: fibre, loss: 100% }
          - at: 10s
            restore: fibre
        expect:
          - { metric: start-skew, max: 5ms }

        """;

    /// <summary>Name relative to the lab's folder, and text.</summary>
    public static IReadOnlyList<(string Name, string Text)> All =>
    [
        ("hosts.yaml", Hosts),
        ("scenarios/first.yaml", First),
        .. SchemaText.Names.Select(n => ($"scenarios/schema/{n}.schema.json", SchemaText.For(n) + "\n")),
        (".gitignore", "reports/\n*.secret\n*.token\n"),
    ];
}

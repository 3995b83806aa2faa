using System.Reflection;

namespace FailoverLab.Proxmox;

/// <summary>
/// Every method of the PVE API that this program calls, with every parameter it sends and its bounds. Held against the published API by a test.
/// </summary>
public static class PveCalls
{
    private const string Machine = "/nodes/{node}/qemu/{vmid}";
    private const string OnMachine = "@/vms/{vmid}";

    private static readonly PveParameter Node = new("node", PveKind.Text)
    {
        IsRequired = true,
        MaxLength = 63,
        Pattern = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?",
        Example = "pve1",
    };

    private static readonly PveParameter Vmid = new("vmid", PveKind.Number) { IsRequired = true, Least = 100, Most = 999_999_999, Example = "101" };

    private static readonly PveParameter UpidText = new("upid", PveKind.Text)
    {
        IsRequired = true,
        MaxLength = 400,
        Pattern = Upid.Pattern,
        Example = "UPID:pve1:000A1B2C:0123ABCD:6920A0B0:qmstart:101:lab@pve:",
    };

    private static readonly PveParameter Snapname = new("snapname", PveKind.Text) { IsRequired = true, MaxLength = 40, Pattern = "[A-Za-z][A-Za-z0-9_-]+", Example = "before-run" };

    private static readonly PveParameter Wait = new("timeout", PveKind.Number) { Most = 7200, Example = "60" };

    /// <summary>Login by password; also renews a ticket, which then stands as the password.</summary>
    public static PveCall Login { get; } = new(
        HttpMethod.Post, "/access/ticket", "",
        new("username", PveKind.Text) { IsRequired = true, MaxLength = 64, Example = "lab@pve" },
        new("password", PveKind.Text) { IsRequired = true, IsSecret = true, Example = "a secret" });

    /// <summary>What the credential may do, by object.</summary>
    public static PveCall Permissions { get; } = new(HttpMethod.Get, "/access/permissions", "");

    /// <summary>Version of the host.</summary>
    public static PveCall Version { get; } = new(HttpMethod.Get, "/version", "");

    /// <summary>Nodes of the cluster.</summary>
    public static PveCall Nodes { get; } = new(HttpMethod.Get, "/nodes", "");

    /// <summary>State of a task.</summary>
    public static PveCall TaskStatus { get; } = new(HttpMethod.Get, "/nodes/{node}/tasks/{upid}/status", "", Node, UpidText);

    /// <summary>Lines a task has printed.</summary>
    public static PveCall TaskLog { get; } = new(
        HttpMethod.Get, "/nodes/{node}/tasks/{upid}/log", "", Node, UpidText,
        new("start", PveKind.Number) { Example = "0" },
        new("limit", PveKind.Number) { Most = 1000, Example = "50" });

    /// <summary>Machines of a node; only those are listed that the credential may see.</summary>
    public static PveCall Machines { get; } = new(HttpMethod.Get, "/nodes/{node}/qemu", "VM.Audit" + OnMachine, Node);

    /// <summary>State of a machine.</summary>
    public static PveCall Status { get; } = new(HttpMethod.Get, Machine + "/status/current", "VM.Audit" + OnMachine, Node, Vmid);

    /// <summary>Starts a machine.</summary>
    public static PveCall Start { get; } = new(HttpMethod.Post, Machine + "/status/start", "VM.PowerMgmt" + OnMachine, Node, Vmid, Wait);

    /// <summary>Pulls a machine's plug.</summary>
    public static PveCall Stop { get; } = new(HttpMethod.Post, Machine + "/status/stop", "VM.PowerMgmt" + OnMachine, Node, Vmid, Wait);

    /// <summary>Asks a machine to shut down.</summary>
    public static PveCall Shutdown { get; } = new(
        HttpMethod.Post, Machine + "/status/shutdown", "VM.PowerMgmt" + OnMachine, Node, Vmid, Wait, new("forceStop", PveKind.Flag) { Example = "1" });

    /// <summary>Presses a machine's reset button.</summary>
    public static PveCall Reset { get; } = new(HttpMethod.Post, Machine + "/status/reset", "VM.PowerMgmt" + OnMachine, Node, Vmid);

    /// <summary>Snapshots of a machine.</summary>
    public static PveCall Snapshots { get; } = new(HttpMethod.Get, Machine + "/snapshot", "VM.Audit" + OnMachine, Node, Vmid);

    /// <summary>Takes a snapshot.</summary>
    public static PveCall Snapshot { get; } = new(
        HttpMethod.Post, Machine + "/snapshot", "VM.Snapshot" + OnMachine, Node, Vmid, Snapname,
        new("description", PveKind.Text) { IsFree = true, Example = "before a run" },
        new("vmstate", PveKind.Flag) { Example = "1" });

    /// <summary>Goes back to a snapshot.</summary>
    public static PveCall Rollback { get; } = new(
        HttpMethod.Post, Machine + "/snapshot/{snapname}/rollback", "VM.Snapshot|VM.Snapshot.Rollback" + OnMachine, Node, Vmid, Snapname, new("start", PveKind.Flag) { Example = "1" });

    /// <summary>Deletes a snapshot.</summary>
    public static PveCall DeleteSnapshot { get; } = new(HttpMethod.Delete, Machine + "/snapshot/{snapname}", "VM.Snapshot" + OnMachine, Node, Vmid, Snapname);

    /// <summary>Configuration of a machine.</summary>
    public static PveCall Config { get; } = new(HttpMethod.Get, Machine + "/config", "VM.Audit" + OnMachine, Node, Vmid, new("current", PveKind.Flag) { Example = "1" });

    /// <summary>Changes one network card of a machine, only where the configuration is still the one that was read.</summary>
    public static PveCall SetConfig { get; } = new(
        HttpMethod.Put, Machine + "/config", "VM.Config.Network" + OnMachine, Node, Vmid,
        new("digest", PveKind.Text) { IsRequired = true, MaxLength = 40, Pattern = "[0-9a-f]{40}", Example = "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
        new("net[n]", PveKind.Text) { IsRequired = true, Example = "virtio=BC:24:11:00:00:01,bridge=vmbr1,link_down=1" });

    /// <summary>Runs a program in the guest.</summary>
    public static PveCall AgentExec { get; } = new(
        HttpMethod.Post, Machine + "/agent/exec", "VM.GuestAgent.Unrestricted" + OnMachine, Node, Vmid,
        new("command", PveKind.List) { IsRequired = true, MaxLength = 60_000, IsFree = true, Example = "uname" },
        new("input-data", PveKind.Text) { MaxLength = 65_536, IsFree = true, IsSecret = true, Example = "text" });

    /// <summary>What became of a program in the guest.</summary>
    public static PveCall AgentExecStatus { get; } = new(
        HttpMethod.Get, Machine + "/agent/exec-status", "VM.GuestAgent.Unrestricted" + OnMachine, Node, Vmid, new("pid", PveKind.Number) { IsRequired = true, Example = "4711" });

    /// <summary>Opens a way to a machine's serial port.</summary>
    public static PveCall TermProxy { get; } = new(
        HttpMethod.Post, Machine + "/termproxy", "VM.Console" + OnMachine, Node, Vmid, new("serial", PveKind.Text) { Pattern = "serial[0-3]", Example = "serial0" });

    /// <summary>Goes that way.</summary>
    public static PveCall ConsoleSocket { get; } = new(
        HttpMethod.Get, Machine + "/vncwebsocket", "VM.Console" + OnMachine, Node, Vmid,
        new("port", PveKind.Number) { IsRequired = true, Least = 5900, Most = 5999, Example = "5900" },
        new("vncticket", PveKind.Text) { IsRequired = true, MaxLength = 512, IsSecret = true, Example = "PVEVNC:6920A0B0::c2lnbmF0dXJl" });

    /// <summary>All of them, in the order above, with their names here.</summary>
    public static IReadOnlyList<KeyValuePair<string, PveCall>> All { get; } =
    [
        .. typeof(PveCalls).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == typeof(PveCall))
            .Select(p => KeyValuePair.Create(p.Name, (PveCall)p.GetValue(null)!)),
    ];
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace FailoverLab.Proxmox.Testing;

/// <summary>The fake host's answers.</summary>
internal sealed class FakeApi
{
    private static readonly TimeSpan TicketLife = TimeSpan.FromHours(2);
    private readonly Lock _one = new();
    private readonly Dictionary<string, DateTimeOffset> _tickets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Vmid, bool WasAsked, int Status, byte[] Output, byte[] Error)> _programs = new(StringComparer.Ordinal);
    private int _numbers;

    public FakeApi()
    {
        Tasks = new FakeTasks(Time);
        foreach (var (vmid, name) in new[] { (100, "router"), (101, "wanulator-byu"), (102, "wanulator-starlink-2"), (103, "wanulator-starlink-1") })
        {
            Machines[vmid] = new FakeMachine(vmid, name)
            {
                Config =
                {
                    ["net0"] = $"virtio=BC:24:11:00:00:{vmid - 90:X2},bridge=vmbr{vmid - 99},firewall=1",
                    ["net1"] = $"e1000=BC:24:11:00:01:{vmid - 90:X2},bridge=vmbr{vmid - 95},tag=7,queues=2",
                },
            };
        }
    }

    public SkewedTime Time { get; } = new();

    public FakeTasks Tasks { get; }

    public ConcurrentDictionary<int, FakeMachine> Machines { get; } = [];

    public HashSet<string> Missing { get; } = [];

    public Action<int, int, NetDevice>? NetChanged { get; set; }

    /// <summary>Tickets of consoles that may be opened: ticket and machine.</summary>
    public ConcurrentDictionary<string, int> Consoles { get; } = [];

    public FakeReply Answer(FakeRequest request)
    {
        lock (_one)
        {
            return Refusal(request) ?? Route(request);
        }
    }

    /// <summary>Why the credential is not enough; <see langword="null"/> when it is.</summary>
    public FakeReply? Refusal(FakeRequest request)
    {
        if (request is { Method: "POST", Path: "/access/ticket" })
        {
            return null;
        }

        if (request.Headers.GetValueOrDefault("Authorization") is { } authorization)
        {
            return authorization == $"PVEAPIToken={FakePve.Token}={FakePve.TokenSecret}" ? null : FakeReply.Error(401, "invalid token value!");
        }

        var cookie = request.Headers.GetValueOrDefault("Cookie", "");
        var ticket = cookie.StartsWith("PVEAuthCookie=", StringComparison.Ordinal) ? Uri.UnescapeDataString(cookie["PVEAuthCookie=".Length..]) : "";
        return !IsGood(ticket) ? FakeReply.Error(401, ticket.Length == 0 ? "No ticket" : "permission denied - invalid PVE ticket")
            : request.Method != "GET" && request.Headers.GetValueOrDefault("CSRFPreventionToken") != CsrfOf(ticket) ? FakeReply.Error(401, "Permission denied - invalid csrf token")
            : null;
    }

    private static string CsrfOf(string ticket) => "6920A0B0:" + Convert.ToHexString(Encoding.UTF8.GetBytes(ticket))[^24..];

    private bool IsGood(string ticket) => _tickets.TryGetValue(ticket, out var at) && Time.GetUtcNow() - at < TicketLife;

    private FakeReply LogIn(FakeRequest request)
    {
        if (request["username"] != FakePve.User || (request["password"] != FakePve.Password && !IsGood(request["password"])))
        {
            return FakeReply.Error(401, "authentication failure");
        }

        var ticket = $"PVE:{FakePve.User}:6920{++_numbers:X4}::c4n4ryT1cket/+=={_numbers}";
        _tickets[ticket] = Time.GetUtcNow();
        return FakeReply.Ok(new { ticket, CSRFPreventionToken = CsrfOf(ticket), username = FakePve.User });
    }

    private FakeReply Route(FakeRequest request)
    {
        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, parts) switch
        {
            ("POST", ["access", "ticket"]) => LogIn(request),
            ("GET", ["access", "permissions"]) => FakeReply.Ok(new Dictionary<string, object> { ["/vms"] = Granted().ToDictionary(p => p, _ => 1) }),
            ("GET", ["version"]) => FakeReply.Ok(new { version = "9.1.3", release = "9.1", repoid = "e5010dcaaaa" }),
            ("GET", ["nodes"]) => FakeReply.Ok(new[] { new { node = "pve1", status = "online", uptime = 1000 } }),
            (_, ["nodes", not "pve1", ..]) => FakeReply.Error(595, "no such host"),
            ("GET", ["nodes", _, "tasks", var upid, "status"]) => Tasks.Status(upid),
            ("GET", ["nodes", _, "tasks", var upid, "log"]) => Tasks.Log(upid, Number(request["start"], 0), Number(request["limit"], 50)),
            ("GET", ["nodes", _, "qemu"]) => Need("VM.Audit", 0) ?? FakeReply.Ok(Machines.Values.OrderByDescending(m => m.Vmid).Select(m => Listed(m))),
            (_, ["nodes", _, "qemu", var vmid, .. var rest]) => Machines.TryGetValue(Number(vmid, 0), out var machine)
                ? OfMachine(request, rest, machine)
                : FakeReply.Error(500, $"Configuration file 'nodes/pve1/qemu-server/{vmid}.conf' does not exist"),
            _ => FakeReply.Error(501, $"Method '{request}' not implemented"),
        };
    }

    private FakeReply OfMachine(FakeRequest request, string[] rest, FakeMachine machine) => (request.Method, rest) switch
    {
        ("GET", ["status", "current"]) => Need("VM.Audit", machine.Vmid) ?? FakeReply.Ok(Current(machine)),
        ("POST", ["status", var act]) => Need("VM.PowerMgmt", machine.Vmid) ?? Held(machine) ?? Power(machine, act),
        ("GET", ["snapshot"]) => Need("VM.Audit", machine.Vmid) ?? FakeReply.Ok(machine.Snapshots.Keys.Select((n, i) => new { name = n, description = "", snaptime = 1_760_000_000 + i }).Cast<object>()
            .Append(new { name = "current", description = "You are here!", running = machine.IsRunning ? 1 : 0 })),
        ("POST", ["snapshot"]) => Need("VM.Snapshot", machine.Vmid) ?? Held(machine) ?? Tasks.Begin("qmsnapshot", machine.Vmid, () => machine.Snapshots[request["snapname"]] = new(machine.Config)),
        ("POST", ["snapshot", var name, "rollback"]) => Need("VM.Snapshot.Rollback", machine.Vmid) ?? Known(machine, name) ?? Tasks.Begin("qmrollback", machine.Vmid, () => RollBack(machine, name, request["start"] == "1")),
        ("DELETE", ["snapshot", var name]) => Need("VM.Snapshot", machine.Vmid) ?? Known(machine, name) ?? Tasks.Begin("qmdelsnapshot", machine.Vmid, () => machine.Snapshots.Remove(name)),
        ("GET", ["config"]) => Need("VM.Audit", machine.Vmid) ?? FakeReply.Ok(machine.Config.Append(KeyValuePair.Create("digest", machine.Digest)).ToDictionary(c => c.Key, object (c) => c.Key is "cores" ? 1 : c.Value)),
        ("PUT", ["config"]) => Need("VM.Config.Network", machine.Vmid) ?? Held(machine) ?? Write(machine, request),
        ("POST", ["agent", "exec"]) => Need("VM.GuestAgent.Unrestricted", machine.Vmid) ?? Execute(machine, request),
        ("GET", ["agent", "exec-status"]) => Need("VM.GuestAgent.Unrestricted", machine.Vmid) ?? Executed(machine, request["pid"]),
        ("POST", ["termproxy"]) => Need("VM.Console", machine.Vmid) ?? Terminal(machine, request),
        _ => FakeReply.Error(501, $"Method '{request}' not implemented"),
    };

    private FakeReply? Need(string privilege, int vmid) => Missing.Contains(privilege) ? FakeReply.Error(403, $"Permission check failed (/vms/{vmid}, {privilege})") : null;

    private static FakeReply? Held(FakeMachine machine) => machine.Lock.Length > 0 ? FakeReply.Error(500, $"VM is locked ({machine.Lock})") : null;

    private static FakeReply? Known(FakeMachine machine, string name) => machine.Snapshots.ContainsKey(name) ? null : FakeReply.Error(500, $"snapshot '{name}' does not exist");

    private FakeReply Power(FakeMachine machine, string act) => act switch
    {
        "start" when machine.IsRunning => FakeReply.Error(500, $"VM {machine.Vmid} already running"),
        "start" => Tasks.Begin("qmstart", machine.Vmid, () => (machine.IsRunning, machine.Starts) = (true, machine.Starts + 1)),
        "stop" or "shutdown" => Tasks.Begin("qm" + act, machine.Vmid, () => machine.IsRunning = false),
        "reset" => Tasks.Begin("qmreset", machine.Vmid, () => machine.Starts++),
        _ => FakeReply.Error(501, $"Method '{act}' not implemented"),
    };

    private FakeReply Write(FakeMachine machine, FakeRequest request)
    {
        if (request["digest"] is { Length: > 0 } digest && digest != machine.Digest)
        {
            return FakeReply.Error(500, "detected modified configuration - file changed by other user? Try again.");
        }

        foreach (var (key, value) in request.Values.Where(v => v.Key.StartsWith("net", StringComparison.Ordinal)))
        {
            if (NetDevice.Parse(value) is not { } device)
            {
                return FakeReply.Error(400, "Parameter verification failed.") with { Errors = new Dictionary<string, string> { [key] = "invalid format - duplicate key in comma-separated list property" } };
            }

            if (!machine.KeepsNets)
            {
                // As PVE does, which takes the card apart and writes its keys by name.
                machine.Config[key] = string.Join(',', value.Split(',').Take(1).Concat(value.Split(',').Skip(1).Order(StringComparer.Ordinal)));
                NetChanged?.Invoke(machine.Vmid, Number(key[3..], 0), device);
            }
        }

        return FakeReply.Ok(null);
    }

    private FakeReply Execute(FakeMachine machine, FakeRequest request)
    {
        if (machine.Agent is not { } agent)
        {
            return FakeReply.Error(500, "QEMU guest agent is not running");
        }

        var pid = (++_numbers).ToString(CultureInfo.InvariantCulture);
        var (status, output, error) = agent([.. request.Values.Where(v => v.Key == "command").Select(v => v.Value)], request["input-data"]);
        _programs[pid] = (machine.Vmid, false, status, output, error);
        return FakeReply.Ok(new { pid = _numbers });
    }

    private FakeReply Executed(FakeMachine machine, string pid)
    {
        if (!_programs.TryGetValue(pid, out var program) || program.Vmid != machine.Vmid)
        {
            return FakeReply.Error(500, $"Agent error: PID {pid} does not exist");
        }

        if (!program.WasAsked)
        {
            _programs[pid] = program with { WasAsked = true };
            return FakeReply.Ok(new Dictionary<string, object> { ["exited"] = 0 });
        }

        // As PVE does: each byte is one character of its JSON.
        var answer = new Dictionary<string, object>
        {
            ["exited"] = 1,
            [program.Status > 128 ? "signal" : "exitcode"] = program.Status > 128 ? program.Status - 128 : program.Status,
            ["out-data"] = Encoding.Latin1.GetString(program.Output),
            ["err-data"] = Encoding.Latin1.GetString(program.Error),
        };
        if (program.Output.Length > 1000)
        {
            (answer["out-data"], answer["out-truncated"]) = (Encoding.Latin1.GetString(program.Output, 0, 1000), 1);
        }

        return FakeReply.Ok(answer);
    }

    private FakeReply Terminal(FakeMachine machine, FakeRequest request)
    {
        if (!machine.Config.ContainsKey(request["serial"]))
        {
            return FakeReply.Error(500, $"unable to find a serial interface");
        }

        var ticket = $"PVEVNC:6920{++_numbers:X4}::c4n4ryC0ns0le/+==";
        Consoles[ticket] = machine.Vmid;
        return Tasks.Begin("vncproxy", machine.Vmid, () => { }) is { Data: string upid }
            ? FakeReply.Ok(new { user = request.Headers.ContainsKey("Authorization") ? FakePve.Token : FakePve.User, ticket, port = 5900, upid })
            : FakeReply.Error(500, "no task");
    }

    private static void RollBack(FakeMachine machine, string name, bool isStarted)
    {
        machine.Config.Clear();
        foreach (var (key, value) in machine.Snapshots[name])
        {
            machine.Config[key] = value;
        }

        machine.IsRunning = isStarted;
    }

    private static Dictionary<string, object> Listed(FakeMachine machine)
    {
        var listed = new Dictionary<string, object> { ["vmid"] = machine.Vmid, ["name"] = machine.Name, ["status"] = machine.IsRunning ? "running" : "stopped", ["uptime"] = machine.IsRunning ? 3600 : 0 };
        if (machine.Lock.Length > 0)
        {
            listed["lock"] = machine.Lock;
        }

        return listed;
    }

    private static Dictionary<string, object> Current(FakeMachine machine)
    {
        var current = Listed(machine);
        current["qmpstatus"] = machine.IsRunning ? "running" : "stopped";
        current["ha"] = new { managed = 0 };
        current["agent"] = 1;
        if (machine.IsRunning)
        {
            current["running-qemu"] = "10.1.2";
        }

        return current;
    }

    private IEnumerable<string> Granted() =>
        new[] { "VM.Audit", "VM.PowerMgmt", "VM.Snapshot", "VM.Snapshot.Rollback", "VM.Config.Network", "VM.GuestAgent.Unrestricted", "VM.Console" }.Except(Missing);

    private static int Number(string text, int otherwise) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}

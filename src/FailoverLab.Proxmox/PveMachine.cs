namespace FailoverLab.Proxmox;

/// <summary>One virtual machine: its state, power, snapshots, configuration, guest and serial port.</summary>
public sealed class PveMachine
{
    /// <summary>Longest wait for a task of a machine, where none is given.</summary>
    public static readonly TimeSpan TaskTimeout = TimeSpan.FromMinutes(2);

    private readonly PveTransport _transport;
    private readonly PveTasks _tasks;
    private readonly TimeProvider _time;
    private readonly PveEndpoint _endpoint;

    internal PveMachine(PveTransport transport, PveTasks tasks, TimeProvider time, PveEndpoint endpoint, string node, int vmid) =>
        (_transport, _tasks, _time, _endpoint, Node, Vmid) = (transport, tasks, time, endpoint, node, vmid);

    /// <summary>The node that carries it.</summary>
    public string Node { get; }

    /// <summary>Its number, 100 and above.</summary>
    public int Vmid { get; }

    /// <summary>Its state.</summary>
    /// <exception cref="PveException">It cannot be asked.</exception>
    public async Task<MachineStatus> StatusAsync(CancellationToken cancellationToken)
    {
        var reply = (await SendAsync(PveCalls.Status, cancellationToken)).Object();
        return new MachineStatus(reply.Text("status") == "running", reply.TextOrNull("qmpstatus"))
        {
            Uptime = PveClient.Seconds(reply.NumberOrNull("uptime")),
            Lock = reply.TextOrNull("lock"),
            HasAgent = reply.FlagOrNull("agent") == true,
            Qemu = reply.TextOrNull("running-qemu"),
        };
    }

    /// <summary>Starts it and waits until it runs.</summary>
    /// <exception cref="PveException">It was not started.</exception>
    public Task<TaskEnd> StartAsync(CancellationToken cancellationToken) => RunAsync(PveCalls.Start, cancellationToken);

    /// <summary>Pulls its plug.</summary>
    /// <exception cref="PveException">It was not stopped.</exception>
    public Task<TaskEnd> StopAsync(CancellationToken cancellationToken) => RunAsync(PveCalls.Stop, cancellationToken);

    /// <summary>Asks it to shut down and waits until it has.</summary>
    /// <param name="patience">How long it is waited for, whole seconds, at most two hours.</param>
    /// <param name="isForced">Whether its plug is pulled after that.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PveException">It has not shut down.</exception>
    public async Task<TaskEnd> ShutdownAsync(TimeSpan patience, bool isForced, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(PveCalls.Shutdown, cancellationToken, ("timeout", PveClient.Text((int)patience.TotalSeconds)), ("forceStop", isForced ? "1" : null));
        return await _tasks.WaitAsync(reply.Task(), patience + TaskTimeout, cancellationToken);
    }

    /// <summary>Presses its reset button.</summary>
    /// <exception cref="PveException">It was not reset.</exception>
    public Task<TaskEnd> ResetAsync(CancellationToken cancellationToken) => RunAsync(PveCalls.Reset, cancellationToken);

    /// <summary>Its snapshots, the oldest first; what it is now is not among them.</summary>
    /// <exception cref="PveException">It cannot be asked.</exception>
    public async Task<IReadOnlyList<MachineSnapshot>> SnapshotsAsync(CancellationToken cancellationToken)
    {
        var reply = await SendAsync(PveCalls.Snapshots, cancellationToken);
        return
        [
            .. reply.Objects().Where(s => s.Text("name") != "current").Select(s => new MachineSnapshot(
                s.Text("name"), PveText.Clean(s.TextOrNull("description") ?? ""), s.TextOrNull("parent"),
                s.NumberOrNull("snaptime") is { } at and > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(at) : null, s.FlagOrNull("vmstate") == true))
                .OrderBy(s => s.TakenAt),
        ];
    }

    /// <summary>Takes a snapshot.</summary>
    /// <param name="name">A letter, then letters, digits, <c>_</c> and <c>-</c>; 2 to 40 in all.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="isWithMemory">Whether the memory goes into it; takes longer, and going back starts the machine where it was.</param>
    /// <param name="cancellationToken">Gives up waiting; the task goes on.</param>
    /// <exception cref="PveException">It was not taken.</exception>
    public Task<TaskEnd> TakeSnapshotAsync(string name, string description, bool isWithMemory, CancellationToken cancellationToken) =>
        RunAsync(PveCalls.Snapshot, cancellationToken, ("snapname", name), ("description", description.Length > 0 ? description : null), ("vmstate", isWithMemory ? "1" : null));

    /// <summary>Goes back to a snapshot.</summary>
    /// <param name="name">Which.</param>
    /// <param name="isStarted">Whether the machine is started then.</param>
    /// <param name="cancellationToken">Gives up waiting; the task goes on.</param>
    /// <exception cref="PveException">It was not gone back to.</exception>
    public Task<TaskEnd> RollBackAsync(string name, bool isStarted, CancellationToken cancellationToken) =>
        RunAsync(PveCalls.Rollback, cancellationToken, ("snapname", name), ("start", isStarted ? "1" : null));

    /// <summary>Deletes a snapshot.</summary>
    /// <exception cref="PveException">It was not deleted.</exception>
    public Task<TaskEnd> DeleteSnapshotAsync(string name, CancellationToken cancellationToken) => RunAsync(PveCalls.DeleteSnapshot, cancellationToken, ("snapname", name));

    /// <summary>Its configuration as it is in force.</summary>
    /// <exception cref="PveException">It cannot be asked.</exception>
    public async Task<MachineConfig> ConfigAsync(CancellationToken cancellationToken)
    {
        var reply = (await SendAsync(PveCalls.Config, cancellationToken, ("current", "1"))).Object();
        return new MachineConfig(reply.Text("digest"), reply.Entries.Where(e => e.Name != "digest").ToDictionary(e => e.Name, e => e.Value.ToString(), StringComparer.Ordinal));
    }

    /// <summary>Writes one network card, only where the configuration is still the one that was read.</summary>
    /// <param name="number">Of the card.</param>
    /// <param name="device">The whole card.</param>
    /// <param name="digest">Of the configuration that was read.</param>
    /// <param name="cancellationToken">Gives up; whether it was written is then not known.</param>
    /// <exception cref="PveException">It was not written; <see cref="PveFault.Modified"/> where somebody else was faster.</exception>
    public Task SetNetAsync(int number, NetDevice device, string digest, CancellationToken cancellationToken) =>
        SendAsync(PveCalls.SetConfig, cancellationToken, ("digest", digest), ($"net{PveClient.Text(number)}", device.Text));

    /// <summary>Runs a program in the guest through its agent, to its end.</summary>
    /// <param name="command">The program and its arguments, each passed on as it is.</param>
    /// <param name="input">Its standard input; at most 64 KiB.</param>
    /// <param name="timeout">Longest wait; the agent has no way to end it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PveException">The agent does not answer (<see cref="PveFault.NoAgent"/>), or the program has not ended in time.</exception>
    public async Task<GuestResult> ExecAsync(IReadOnlyList<string> command, string? input, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = await SendAsync(PveCalls.AgentExec, cancellationToken, [.. command.Select(c => ("command", (string?)c)), ("input-data", input)]);
        var pid = PveClient.Text((int)started.Object().Number("pid"));
        var began = _time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = pause < TimeSpan.FromSeconds(1) ? pause * 1.5 : pause)
        {
            var reply = (await SendAsync(PveCalls.AgentExecStatus, cancellationToken, ("pid", pid))).Object();
            if (reply.FlagOrNull("exited") == true)
            {
                return new GuestResult(
                    (int)(reply.NumberOrNull("exitcode") ?? (128 + (reply.NumberOrNull("signal") ?? 0))), GuestText.Decode(reply.TextOrNull("out-data")), GuestText.Decode(reply.TextOrNull("err-data")),
                    reply.FlagOrNull("out-truncated") == true || reply.FlagOrNull("err-truncated") == true);
            }

            if (_time.GetElapsedTime(began) > timeout)
            {
                throw new PveException(PveFault.TimedOut, $"the program in machine {Vmid} has not ended within {timeout.TotalSeconds:0.#} s and goes on (process {pid} there)");
            }

            await Task.Delay(pause, _time, cancellationToken);
        }
    }

    /// <summary>Opens its serial port over a web socket. What is typed there already is not seen.</summary>
    /// <param name="port">0 to 3.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PveException">It cannot be opened.</exception>
    public Task<SerialConsoleStream> OpenSerialAsync(int port, CancellationToken cancellationToken) =>
        SerialConsoleStream.OpenAsync(_transport, _endpoint, _time, Node, Vmid, port, cancellationToken);

    private async Task<TaskEnd> RunAsync(PveCall call, CancellationToken cancellationToken, params (string Name, string? Value)[] values) =>
        await _tasks.WaitAsync((await SendAsync(call, cancellationToken, values)).Task(), TaskTimeout, cancellationToken);

    private Task<PveReply> SendAsync(PveCall call, CancellationToken cancellationToken, params (string Name, string? Value)[] values) =>
        _transport.SendAsync(call.With([("node", Node), ("vmid", PveClient.Text(Vmid)), .. values]), cancellationToken);
}

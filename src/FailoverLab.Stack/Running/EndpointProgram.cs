using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>
/// The endpoint as a program: one thread that waits on the TUN, one socket per tunnel (bound to its WAN), the kernel's
/// announcements of links and addresses, and a wake-up. The balancer is asked elsewhere and can never hold it up.
/// </summary>
public sealed class EndpointProgram : IEndpointOutput, IStackProgram
{
    private readonly EndpointConfig _config;
    private readonly ProgramHost _host;
    private readonly EventLog _log;
    private readonly DatagramSeal _seal;
    private readonly EndpointKeys _keys;
    private readonly WakeUp _wake = new();
    private readonly ConcurrentQueue<string> _decisions = new();
    private readonly EndpointSender _sender = new();
    private readonly PacketLoop.DatagramHandler<int> _onDatagram;
    private readonly PacketLoop.FrameHandler _onFrame;
    private readonly Action<int, bool, string> _onWan;
    private readonly Action _send;
    private PacketLoop? _loop;
    private WanWatch? _watch;
    private EndpointEngine? _engine;
    private int[] _listening = [];
    private bool _isRebound;

    private EndpointProgram(EndpointConfig config, ProgramHost host, EventLog log)
    {
        _config = config;
        _host = host;
        _log = log;
        _seal = DatagramMacs.Seal(config.PreSharedKey);
        _keys = config.Version == 1 ? EndpointKeys.Version1(_seal) : EndpointKeys.Version2(config.PreSharedKey, config.Routers.Select(r => r.RouterId));
        _onDatagram = OnDatagram;
        _onFrame = OnFrame;
        _onWan = OnWan;
        _send = () => _sender.Flush(Engine);
    }

    private PacketLoop Loop => _loop ?? throw new InvalidOperationException("The TUN is made first.");

    private EndpointEngine Engine => _engine ?? throw new InvalidOperationException("The engine is made at the gate.");

    /// <summary>Runs until canceled.</summary>
    /// <param name="config">What to do.</param>
    /// <param name="host">Streams and gate.</param>
    /// <param name="cancel">Ends the program in good order.</param>
    /// <returns>The exit status: 0, or 4 when the kernel refused something; then it was said on the error stream.</returns>
    public static int Run(EndpointConfig config, ProgramHost host, CancellationToken cancel) =>
        host.Run(log => new EndpointProgram(config, host, log), cancel);

    /// <inheritdoc/>
    public bool SendDatagram(int tunnel, ReadOnlySpan<byte> datagram) => _sender.Send(tunnel, datagram);

    /// <inheritdoc/>
    public void WriteTun(ReadOnlySpan<byte> packet) => Loop.WriteTun(packet);

    /// <inheritdoc/>
    public void Report(StackEvent stackEvent) => _log.Write(stackEvent);

    /// <inheritdoc/>
    public void Dispose()
    {
        _sender.Dispose();
        _watch?.Dispose();
        _loop?.Dispose();
        _wake.Dispose();
        _keys.Dispose();
        _seal.Dispose();
    }

    void IStackProgram.Prepare()
    {
        _loop = new PacketLoop(TunSetup.Create(_config.InterfaceName, _config.TunAddresses, _config.Routes, Enumerable.Range(0, _config.Wans.Count).SelectMany(RoutesOver), _host.Error));
        foreach (var router in _config.Routers)
        {
            foreach (var wan in _config.Wans)
            {
                _sender.Add(wan.Device is null ? Open(router, null) : null, new IPEndPoint(router.External, _config.Port));
            }
        }

        _watch = new WanWatch(_config.Wans, _config.Routers.Select(r => r.External.AddressFamily), RoutesOver, Bind, _host.Error);
        if (_config.Advertised.Count > _config.TunAddresses.Count)
        {
            // There are hosts behind this one.
            Forwarding.TurnOn(_host.Error);
        }

        WarmUp.Run();
    }

    private static UdpSocket Open(RouterAddress router, string? device)
    {
        var any = router.External.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        return UdpSocket.Bind(new IPEndPoint(router.Local ?? any, 0), device, TrainSocket.BufferBytes);
    }

    /// <summary>Binds the sockets of a WAN to its interface as it is now; <see langword="false"/> when that has gone meanwhile.</summary>
    private bool Bind(int path)
    {
        var device = _config.Wans[path].Device!;
        try
        {
            for (var router = 0; router < _config.Routers.Count; router++)
            {
                _sender.Replace((router * _config.Wans.Count) + path, Open(_config.Routers[router], device));
                _isRebound = true;
            }
        }
        catch (LinuxException) when (InterfaceControl.FindIndex(device) == 0)
        {
            return false;
        }

        ReversePathFilter.Loosen(device);
        return true;
    }

    private IEnumerable<string> RoutesOver(int path) =>
        from wan in (WanInterface[])[_config.Wans[path]]
        where wan is { Device: not null, Gateway: not null }
        from router in _config.Routers
        where router.External.AddressFamily == wan.Gateway!.AddressFamily
        select $"route replace {router.External} via {wan.Gateway} dev {wan.Device} metric {10 * (path + 1)}";

    void IStackProgram.Serve(CancellationToken cancel)
    {
        // A packet loop that waits behind other work looks like a dead path to its peer.
        ProcessControl.TryRealtimePriority(PacketLoop.RealtimePriority);
        using var wakeAtEnd = cancel.Register(_wake.Signal);
        _engine = new EndpointEngine(Settings(), _keys, this, ProgramHost.Now);
        if (_config.Version == 1)
        {
            Report(new StackEvent(StackEventNames.Version1Used, ProgramHost.Now.RealtimeNs) { Endpoint = _config.EndpointId, Detail = TunnelChannel.Lacks });
        }

        using var balancer = _config.Balancer is { } where && _config.FollowBalancer
            ? BalancerPoller.Start(where, _config.EndpointId, OnDecision, OnFault, cancel)
            : null;
        _watch!.Read(_onWan);
        var members = Members();
        while (!cancel.IsCancellationRequested)
        {
            members.Wait(Engine.NextDeadlineNs);
            Turn(members);
            members = _isRebound ? Members() : members;
        }

        _log.Write(new StackEvent(StackEventNames.Stopped, ProgramHost.Now.RealtimeNs)
        {
            Detail = $"dropped={Engine.DroppedPackets + _sender.Lost} duplicates={Engine.DuplicatePackets} replayed={Engine.ReplayedPackets} refused={Engine.Refusals.Total} {Engine.Refusals}".TrimEnd(),
        });
    }

    private PollSet Members()
    {
        _isRebound = false;
        _listening = [.. Enumerable.Range(0, _sender.Sockets.Count).Where(i => _sender.Sockets[i] is not null)];
        return new PollSet([Loop.Tun, _wake, .. _watch!.Sources, .. _listening.Select(i => _sender.Sockets[i]!)]);
    }

    private void Turn(PollSet members)
    {
        const int FirstSocket = 4;
        for (var i = 0; i < _listening.Length; i++)
        {
            if (members.IsReadable(FirstSocket + i))
            {
                Loop.Drain(_sender.Sockets[_listening[i]]!, _listening[i], _onDatagram);
            }
        }

        if (members.IsReadable(0))
        {
            Loop.Drain(_onFrame, _send);
        }

        if (members.IsReadable(2) || members.IsReadable(3))
        {
            _watch!.Read(_onWan);
        }

        if (members.IsReadable(1))
        {
            _wake.Drain();
            while (_decisions.TryDequeue(out var router))
            {
                Engine.OnDecision(router, ProgramHost.Now);
            }
        }

        var now = ProgramHost.Now;
        if (now.MonotonicNs >= Engine.NextDeadlineNs)
        {
            Engine.Advance(now);
        }

        // What deadlines and answers have added must not wait for another turn.
        _sender.Flush(Engine);
    }

    private void OnDatagram(int tunnel, Span<byte> datagram, in DatagramAddress source, in TunnelTime now) => Engine.OnDatagram(tunnel, datagram, now);

    private void OnFrame(Span<byte> frame, in TunnelTime now) => Engine.OnTunPacket(frame, now);

    private void OnDecision(string router)
    {
        _decisions.Enqueue(router);
        _wake.Signal();
    }

    private void OnFault(string what) => Report(new StackEvent(StackEventNames.Fault, SystemClock.Shared.RealtimeNs) { Endpoint = _config.EndpointId, Detail = what });

    private void OnWan(int path, bool canCarry, string why) => Engine.OnLink(path, canCarry, ProgramHost.Now, why);

    private EndpointSettings Settings() => new()
    {
        EndpointId = _config.EndpointId,
        Number = _config.Number,
        Session = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1,
        Paths = [.. _config.Wans.Select(w => w.Path)],
        Routers = [.. _config.Routers.Select(r => new RouterTarget(r.RouterId, r.External.ToString()))],
        Prefixes = _config.Advertised,
        Timers = _config.Timers,
        Sla = _config.Sla,
        HoldTime = _config.Policy.HoldTime,
        ByScore = _config.Policy.ByScore,
        DeadBand = _config.Policy.DeadBand,
        Dampening = _config.Policy.Dampening,
        Mode = _config.Policy.Mode,
        Weights = [.. _config.Wans.Select(w => w.Weight)],
        ReplayWindow = _config.Policy.ReplayWindow,
        Pacing = _config.Policy.Pacing,
        FollowBalancer = _config.FollowBalancer,
    };
}

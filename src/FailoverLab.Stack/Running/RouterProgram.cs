using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>
/// The router as a program: one thread that waits on the TUN, its UDP sockets, the core network's questions for the gateway and a
/// wake-up. Route changes and the balancer are dealt with elsewhere and can never hold it up.
/// </summary>
public sealed class RouterProgram : IRouterOutput, IStackProgram
{
    private readonly RouterConfig _config;
    private readonly ProgramHost _host;
    private readonly EventLog _log;
    private readonly DatagramSeal _seal;
    private readonly RouterKeys _keys;
    private readonly WakeUp _wake = new();
    private readonly PacketLoop.DatagramHandler<int> _onDatagram;
    private readonly PacketLoop.FrameHandler _onFrame;
    private readonly Action _send;
    private readonly RouterLoad _load = new();
    private readonly RouterSender _sender;
    private PacketLoop? _loop;
    private GatewayClaim? _gateway;
    private EgressNat? _nat;
    private RouteWorker? _routes;
    private RouterEngine? _engine;

    private RouterProgram(RouterConfig config, ProgramHost host, EventLog log)
    {
        _config = config;
        _host = host;
        _log = log;
        _seal = DatagramMacs.Seal(config.PreSharedKey);
        _sender = new RouterSender(_load);
        _keys = new RouterKeys(config.MinVersion == 1 ? _seal : null, config.PreSharedKey, config.ServerId, config.PeerKeys);
        _onDatagram = OnDatagram;
        _onFrame = OnFrame;
        _send = () => _sender.Flush();
    }

    private PacketLoop Loop => _loop ?? throw new InvalidOperationException("The TUN is made first.");

    private RouterEngine Engine => _engine ?? throw new InvalidOperationException("The engine is made at the gate.");

    /// <summary>Runs until canceled.</summary>
    /// <param name="config">What to do.</param>
    /// <param name="host">Streams and gate.</param>
    /// <param name="cancel">Ends the program in good order.</param>
    /// <returns>The exit status: 0, or 4 when the kernel refused something; then it was said on the error stream.</returns>
    public static int Run(RouterConfig config, ProgramHost host, CancellationToken cancel) =>
        host.Run(log => new RouterProgram(config, host, log), cancel);

    /// <inheritdoc/>
    public void SendDatagram(ReadOnlySpan<byte> datagram, in DatagramAddress destination) => _sender.Send(datagram, destination);

    /// <inheritdoc/>
    public void WriteTun(ReadOnlySpan<byte> packet) => Loop.WriteTun(packet);

    /// <inheritdoc/>
    public void Report(StackEvent stackEvent) => _log.Write(stackEvent);

    /// <inheritdoc/>
    public void AddRoute(in IpPrefix prefix)
    {
        if (!IsOwn(prefix))
        {
            _routes?.Add(TunSetup.Route("replace", prefix, Loop.Tun.Name));
        }
    }

    /// <inheritdoc/>
    public void RemoveRoute(in IpPrefix prefix)
    {
        if (!IsOwn(prefix))
        {
            _routes?.Add(TunSetup.Route("delete", prefix, Loop.Tun.Name));
        }
    }

    /// <inheritdoc/>
    public void ClaimGateway() => _gateway?.Hold(ProgramHost.Now.MonotonicNs);

    /// <inheritdoc/>
    public void ReleaseGateway() => _gateway?.Release();

    /// <inheritdoc/>
    public void Dispose()
    {
        _sender.Dispose();
        _routes?.Dispose();
        _gateway?.Dispose();
        _nat?.Dispose();
        _loop?.Dispose();
        _wake.Dispose();
        _keys.Dispose();
        _seal.Dispose();
    }

    void IStackProgram.Prepare()
    {
        // Solicitations for the gateway go to a group no kernel here has joined; a real card would filter it.
        string[] more = _config.CoreInterface is { } core && _config.Gateways.Count > 0 ? [$"link set dev {core} allmulticast on"] : [];
        _loop = new PacketLoop(TunSetup.Create(_config.InterfaceName, _config.TunAddresses, [], more, _host.Error));
        Forwarding.TurnOn(_host.Error);
        _routes = new RouteWorker(_host.Error);
        if (_config.BindAddress.AddressFamily == AddressFamily.InterNetworkV6)
        {
            Listen(_config.BindAddress);
        }

        if (_config.BindAddress.AddressFamily == AddressFamily.InterNetwork || _config.BindAddress.Equals(IPAddress.IPv6Any))
        {
            Listen(_config.BindAddress.AddressFamily == AddressFamily.InterNetwork ? _config.BindAddress : IPAddress.Any);
        }

        if (_config is { CoreInterface: { } device, Gateways.Count: > 0 })
        {
            _gateway = new GatewayClaim(device, _config.Gateways);
        }

        if (_config is { Nat: true, EgressInterface: { } egress })
        {
            _nat = EgressNat.Start(Loop.Tun.Name, egress);
        }

        WarmUp.Run();
    }

    private void Listen(IPAddress address) => _sender.Add(UdpSocket.Bind(new IPEndPoint(address, _config.BindPort), bufferBytes: TrainSocket.BufferBytes));

    void IStackProgram.Serve(CancellationToken cancel)
    {
        // A packet loop that waits behind other work looks like a dead path to its peer.
        ProcessControl.TryRealtimePriority(PacketLoop.RealtimePriority);
        using var wakeAtEnd = cancel.Register(_wake.Signal);
        var settings = new RouterSettings
        {
            RouterId = _config.ServerId,
            TunnelId = _config.TunnelId,
            Session = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1,
            PeerPort = _config.BindPort,
            Version = _config.Version,
            Multiplier = _config.Multiplier,
            PeerTimeout = _config.PeerTimeout,
        };
        _engine = new RouterEngine(settings, _keys, this, PoolAllocator.For(_config.AllocationPools, _config.AllocationTimeout), ProgramHost.Now);
        using var reporter = _config.Balancer is { } balancer ? MetricsReporter.Start(balancer, _config, _load, OnFault, cancel) : null;
        var gatewayMembers = _gateway?.Members ?? [];
        var members = new PollSet([Loop.Tun, _wake, .. _sender.Sockets, .. gatewayMembers]);
        _log.Write(new StackEvent(StackEventNames.Ready, ProgramHost.Now.RealtimeNs) { Router = _config.ServerId });
        while (!cancel.IsCancellationRequested)
        {
            members.Wait(Math.Min(Engine.NextDeadlineNs, _gateway?.DueNs ?? long.MaxValue));
            Turn(members, gatewayMembers.Count);
        }

        _log.Write(new StackEvent(StackEventNames.Stopped, ProgramHost.Now.RealtimeNs)
        {
            Router = _config.ServerId,
            Detail = $"unroutable={Engine.UnroutablePackets} duplicates={Engine.DuplicatePackets} replayed={Engine.ReplayedPackets} refused={Engine.Refusals.Total} {Engine.Refusals}".TrimEnd(),
        });
    }

    private void Turn(PollSet members, int gatewayMembers)
    {
        const int FirstSocket = 2;
        for (var i = 0; i < _sender.Sockets.Count; i++)
        {
            if (members.IsReadable(FirstSocket + i))
            {
                Loop.Drain(_sender.Sockets[i], i, _onDatagram);
            }
        }

        if (members.IsReadable(0))
        {
            Loop.Drain(_onFrame, _send);
        }

        for (var i = 0; i < gatewayMembers; i++)
        {
            if (members.IsReadable(FirstSocket + _sender.Sockets.Count + i))
            {
                _gateway!.Answer();
                break;
            }
        }

        if (members.IsReadable(1))
        {
            _wake.Drain();
        }

        var now = ProgramHost.Now;
        if (now.MonotonicNs >= Engine.NextDeadlineNs)
        {
            Engine.Advance(now);
            _load.ActiveTunnels = Engine.ActiveTunnels;
        }

        _gateway?.Advance(now.MonotonicNs);

        // What deadlines and answers have added must not wait for another turn.
        _sender.Flush();
    }

    private void OnDatagram(int socket, Span<byte> datagram, in DatagramAddress source, in TunnelTime now)
    {
        _load.Received();
        Engine.OnDatagram(datagram, source, now);
    }

    private void OnFault(string what) => Report(new StackEvent(StackEventNames.Fault, SystemClock.Shared.RealtimeNs) { Router = _config.ServerId, Detail = what });

    private void OnFrame(Span<byte> frame, in TunnelTime now) => Engine.OnTunPacket(frame, now);

    /// <summary>Whether the TUN's own on-link prefix covers it already.</summary>
    private bool IsOwn(IpPrefix prefix) => _config.TunAddresses.Any(a =>
        (a.Address.AddressFamily == AddressFamily.InterNetworkV6) == prefix.IsIPv6
        && prefix.Length >= a.PrefixLength
        && IpPrefix.TryParse(a.ToString(), out var own)
        && own.Contains(prefix.Address));
}

using System.Text;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// The endpoint's logic: one tunnel per router and path, one of them active. Time and events in, datagrams, packets and events out;
/// it owns no socket and no timer. Deciding needs nobody else: not the balancer, not the acknowledgement of the router.
/// Not thread-safe. Allocates nothing per packet.
/// </summary>
public sealed class EndpointEngine
{
    private readonly EndpointSettings _settings;
    private readonly IEndpointOutput _output;
    private readonly EndpointTunnel[] _tunnels;
    private readonly TunnelCandidate[] _candidates;
    private readonly IpPrefix[] _prefixes;
    private readonly PriorityPolicy _policy;
    private readonly StallGuard _stall;
    private readonly EndpointSwitcher _switcher;
    private readonly byte[] _scratch = new byte[2048];
    private readonly long _patienceEndNs;
    private int _preferredRouter;
    private long _nextKeepaliveNs;
    private long _policyDeadlineNs = long.MaxValue;

    /// <summary>Begins with every path unheard; the first <see cref="Advance"/> sends the first keepalives.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="seal">Key; the engine does not dispose of it.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="now">Start time; nothing sent before it is taken.</param>
    public EndpointEngine(EndpointSettings settings, DatagramSeal seal, IEndpointOutput output, in TunnelTime now)
    {
        _settings = settings;
        _output = output;
        _prefixes = [.. settings.Prefixes];
        _policy = new PriorityPolicy(settings.HoldTime.Ticks * 100);
        _stall = new StallGuard(settings.Timers.KeepaliveNs);
        _tunnels = new EndpointTunnel[settings.TunnelCount];
        _candidates = new TunnelCandidate[_tunnels.Length];
        for (var i = 0; i < _tunnels.Length; i++)
        {
            var channel = new TunnelChannel((settings.Number * EndpointSettings.MaxTunnels) + (uint)i, seal, Refusals, now.UnixMs);
            _tunnels[i] = new EndpointTunnel(i, i / settings.Paths.Count, i % settings.Paths.Count, channel, new PathMonitor(settings.Timers, settings.Sla));
        }

        _switcher = new EndpointSwitcher(settings, _tunnels, output);
        _nextKeepaliveNs = now.MonotonicNs;
        _patienceEndNs = now.MonotonicNs + (settings.StartPatience.Ticks * 100);
    }

    /// <summary>Index of the tunnel that carries the data; -1 before the first choice.</summary>
    public int ActiveTunnel => _switcher.Active;

    /// <summary>Datagrams refused, by reason.</summary>
    public RefusalCounters Refusals { get; } = new();

    /// <summary>Inner packets lost because no tunnel was chosen or the kernel refused the datagram.</summary>
    public long DroppedPackets { get; private set; }

    /// <summary>When <see cref="Advance"/> must run next, monotonic ns.</summary>
    public long NextDeadlineNs { get; private set; }

    /// <summary>Measures of one path.</summary>
    /// <param name="tunnel">Index of the tunnel.</param>
    public PathMonitor Monitor(int tunnel) => _tunnels[tunnel].Monitor;

    /// <summary>A datagram came in on a tunnel's socket from anywhere.</summary>
    /// <param name="tunnel">Index of the tunnel.</param>
    /// <param name="datagram">UDP payload; valid only during the call.</param>
    /// <param name="now">Both clocks.</param>
    public void OnDatagram(int tunnel, ReadOnlySpan<byte> datagram, in TunnelTime now)
    {
        var state = _tunnels[tunnel];
        if (!TunnelHeader.TryRead(datagram, out var header))
        {
            Refusals.Add(RefusalReason.Malformed);
        }
        else if (header.TunnelId != state.Channel.TunnelId)
        {
            Refusals.Add(RefusalReason.WrongTunnel);
        }
        else if (state.Channel.TryAccept(datagram, header, now))
        {
            if (TryTake(state, (PacketType)header.Type, datagram[TunnelHeader.Size..], now) is { } refusal)
            {
                Refusals.Add(refusal);
                return;
            }

            state.Monitor.OnHeard(now.MonotonicNs);
            if (state.Monitor.Health != PathHealth.Alive || header.Type == (byte)PacketType.Keepalive)
            {
                Judge(state, now);
            }
        }
    }

    /// <summary>The local side sends an inner packet; it leaves on the active tunnel in place.</summary>
    /// <param name="frame">32 bytes of room for the header, then the packet.</param>
    /// <param name="now">Both clocks.</param>
    public void OnTunPacket(Span<byte> frame, in TunnelTime now)
    {
        var active = _switcher.Active;
        if (active < 0 || !InnerPacket.TryRead(frame[TunnelHeader.Size..], out var inner) || !inner.HasRoutableSource)
        {
            DroppedPackets++;
            return;
        }

        _tunnels[active].Channel.Seal(frame, PacketType.Data, inner.IsIPv6, now);
        if (_output.SendDatagram(active, frame))
        {
            return;
        }

        if (Lost(active, "unreachable", now))
        {
            Reselect(now);
        }

        var next = _switcher.Active;
        _tunnels[next].Channel.Seal(frame, PacketType.Data, inner.IsIPv6, now);
        if (next == active || !_output.SendDatagram(next, frame))
        {
            DroppedPackets++;
        }
    }

    /// <summary>Datagrams that <see cref="IEndpointOutput.SendDatagram"/> had taken for later found no way after all.</summary>
    /// <param name="tunnel">Index of the tunnel.</param>
    /// <param name="now">Both clocks.</param>
    public void OnUnreachable(int tunnel, in TunnelTime now)
    {
        if (Lost(tunnel, "unreachable", now))
        {
            Reselect(now);
        }
    }

    /// <summary>The kernel reports a path's link.</summary>
    /// <param name="path">Index of the path.</param>
    /// <param name="up">Whether it can carry packets. Going up only permits: a path is alive when it is heard.</param>
    /// <param name="now">Both clocks.</param>
    public void OnLink(int path, bool up, in TunnelTime now)
    {
        _output.Report(new StackEvent(StackEventNames.LinkChanged, now.RealtimeNs) { Path = _settings.Paths[path], Detail = up ? "up" : "down" });
        for (var i = path; i < _tunnels.Length; i += _settings.Paths.Count)
        {
            if (up)
            {
                _tunnels[i].Monitor.OnLinkUp();
            }
            else
            {
                _tunnels[i].Monitor.OnLinkDown();
                JudgeOnly(_tunnels[i], now);
            }
        }

        _nextKeepaliveNs = up ? now.MonotonicNs : _nextKeepaliveNs;
        Reselect(now);
        NextDeadlineNs = Math.Min(NextDeadlineNs, _nextKeepaliveNs);
    }

    /// <summary>The balancer named a router; an unknown name changes nothing.</summary>
    public void OnDecision(string routerId, in TunnelTime now)
    {
        for (var i = 0; i < _settings.Routers.Count; i++)
        {
            if (_settings.FollowBalancer && i != _preferredRouter && _settings.Routers[i].RouterId == routerId)
            {
                _output.Report(new StackEvent(StackEventNames.BalancerDecision, now.RealtimeNs) { FromRouter = _settings.Routers[_preferredRouter].RouterId, ToRouter = routerId });
                _preferredRouter = i;
                Reselect(now);
                return;
            }
        }
    }

    /// <summary>Does what is due. Call it at <see cref="NextDeadlineNs"/>, after every waiting datagram was handed in.</summary>
    public void Advance(in TunnelTime now)
    {
        _stall.Woke(now.MonotonicNs);
        var changed = false;
        foreach (var tunnel in _tunnels)
        {
            changed |= JudgeOnly(tunnel, now);
        }

        if (changed || now.MonotonicNs >= _policyDeadlineNs)
        {
            Reselect(now);
        }

        if (now.MonotonicNs >= _nextKeepaliveNs && SendKeepalives(now))
        {
            Reselect(now);
        }

        _switcher.SendPending(now, _scratch);
        var deadline = Math.Min(Math.Min(_nextKeepaliveNs, _policyDeadlineNs), _switcher.DueNs);
        foreach (var tunnel in _tunnels)
        {
            deadline = Math.Min(deadline, tunnel.Monitor.NextDeadlineNs(now.MonotonicNs, _stall.GraceUntilNs));
        }

        NextDeadlineNs = deadline;
        _stall.WillWakeBy(deadline);
    }

    /// <summary>Takes an authentic datagram; the reason when its content is refused.</summary>
    private RefusalReason? TryTake(EndpointTunnel tunnel, PacketType type, ReadOnlySpan<byte> payload, in TunnelTime now)
    {
        switch (type)
        {
            case PacketType.Data:
                return TakeData(payload);
            case PacketType.Keepalive:
                return TakeKeepalive(tunnel, payload, now);
            case PacketType.ActivationAck:
                _switcher.OnAcknowledged(tunnel.Index, Encoding.UTF8.GetString(payload), now);
                return null;
            case PacketType.AllocationResponse or PacketType.RouterUpdate or PacketType.DeactivationAck:
                return null;
            default:
                return RefusalReason.Reflected;
        }
    }

    private RefusalReason? TakeData(ReadOnlySpan<byte> packet)
    {
        if (!InnerPacket.TryRead(packet, out var inner))
        {
            return RefusalReason.BadContent;
        }

        foreach (var prefix in _prefixes)
        {
            if (prefix.IsIPv6 == inner.IsIPv6 && prefix.Contains(inner.Source))
            {
                return RefusalReason.Reflected;
            }
        }

        _output.WriteTun(packet);
        return null;
    }

    private RefusalReason? TakeKeepalive(EndpointTunnel tunnel, ReadOnlySpan<byte> payload, in TunnelTime now)
    {
        if (!KeepalivePayload.TryRead(payload, out var peer))
        {
            return payload.IsEmpty ? null : RefusalReason.BadContent;
        }

        if (peer.Role != KeepaliveRole.Router)
        {
            return RefusalReason.Reflected;
        }

        if (peer.Session != tunnel.RouterSession)
        {
            tunnel.RouterSession = peer.Session;
            _switcher.OnRouterStarted(tunnel, now, _scratch);
        }

        (tunnel.EchoNs, tunnel.EchoReceivedNs) = (peer.SentNs, now.MonotonicNs);
        tunnel.Monitor.OnKeepalive(peer, tunnel.Channel.Received, tunnel.Channel.HighestReceived, now.MonotonicNs);
        return null;
    }

    /// <summary>Sends one on every tunnel; tells whether any found no way and its path's health changed.</summary>
    private bool SendKeepalives(in TunnelTime now)
    {
        _nextKeepaliveNs = Math.Max(_nextKeepaliveNs + _settings.Timers.KeepaliveNs, now.MonotonicNs + (_settings.Timers.KeepaliveNs / 2));
        var changed = false;
        foreach (var tunnel in _tunnels)
        {
            changed |= !SendKeepalive(tunnel, now) && Lost(tunnel.Index, "unreachable", now);
        }

        return changed;
    }

    private bool SendKeepalive(EndpointTunnel tunnel, in TunnelTime now)
    {
        var datagram = _scratch.AsSpan(0, TunnelHeader.Size + KeepalivePayload.Size);
        new KeepalivePayload(
            KeepaliveRole.Endpoint,
            _switcher.Active >= 0 && _tunnels[_switcher.Active].Router == tunnel.Router,
            _settings.Session,
            tunnel.RouterSession,
            now.MonotonicNs,
            tunnel.EchoNs,
            tunnel.EchoNs == 0 ? 0 : now.MonotonicNs - tunnel.EchoReceivedNs,
            (uint)(_settings.Timers.KeepaliveNs / 1000),
            tunnel.Channel.Received,
            tunnel.Channel.HighestReceived,
            (uint)(tunnel.Monitor.InboundJitterNs / 1000),
            _switcher.Number).Write(datagram[TunnelHeader.Size..]);
        tunnel.Channel.Seal(datagram, PacketType.Keepalive, false, now);
        return _output.SendDatagram(tunnel.Index, datagram);
    }

    private void Judge(EndpointTunnel tunnel, in TunnelTime now)
    {
        if (JudgeOnly(tunnel, now))
        {
            Reselect(now);
        }
    }

    private bool JudgeOnly(EndpointTunnel tunnel, in TunnelTime now)
    {
        if (!tunnel.Monitor.Evaluate(now.MonotonicNs, _stall.GraceUntilNs))
        {
            return false;
        }

        _switcher.ReportHealth(tunnel, now);
        return true;
    }

    private bool Lost(int index, string reason, in TunnelTime now)
    {
        var tunnel = _tunnels[index];
        tunnel.Monitor.OnLost(reason);
        return JudgeOnly(tunnel, now);
    }

    private void Reselect(in TunnelTime now)
    {
        for (var i = 0; i < _tunnels.Length; i++)
        {
            var monitor = _tunnels[i].Monitor;
            _candidates[i] = new TunnelCandidate(_tunnels[i].Router, _tunnels[i].Path, monitor.Health, monitor.AliveSinceNs, monitor.Reason, monitor.Penalty);
        }

        var first = _preferredRouter * _settings.Paths.Count;
        if (_switcher.Active < 0 && now.MonotonicNs < _patienceEndNs && _candidates[first].Health != PathHealth.Alive)
        {
            _policyDeadlineNs = _patienceEndNs;
            return;
        }

        var choice = _policy.Choose(_candidates, _switcher.Active, _preferredRouter, _switcher.LastSwitchNs, now.MonotonicNs);
        if (choice.Tunnel >= 0 && choice.Tunnel != _switcher.Active)
        {
            _switcher.Switch(choice, now);
            _switcher.SendPending(now, _scratch);
            _nextKeepaliveNs = now.MonotonicNs;
        }

        _policyDeadlineNs = _policy.NextDeadlineNs(_candidates, _switcher.Active, _preferredRouter, _switcher.LastSwitchNs);
        _policyDeadlineNs = _policyDeadlineNs <= now.MonotonicNs ? now.MonotonicNs + _settings.Timers.KeepaliveNs : _policyDeadlineNs;
        NextDeadlineNs = Math.Min(NextDeadlineNs, Math.Min(Math.Min(_policyDeadlineNs, _switcher.DueNs), _nextKeepaliveNs));
    }
}

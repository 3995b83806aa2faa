using System.Buffers.Binary;
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
    private readonly InboundCheck _inbound;
    private readonly ITunnelPolicy _policy;
    private readonly StallGuard _stall;
    private readonly EndpointSwitcher _switcher;
    private readonly KeepalivePacer _pacer;
    private readonly EndpointKeepalives _keepalives;
    private readonly EndpointData _data;
    private readonly byte[] _scratch = new byte[2048];
    private readonly long _patienceEndNs;
    private int _preferredRouter;
    private long _policyDeadlineNs = long.MaxValue;

    /// <summary>Begins with every path unheard; the first <see cref="Advance"/> sends the first keepalives.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="seal">Key of version 1; the engine does not dispose of it.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="now">Start time; nothing sent before it is taken.</param>
    public EndpointEngine(EndpointSettings settings, DatagramSeal seal, IEndpointOutput output, in TunnelTime now)
        : this(settings, EndpointKeys.Version1(seal), output, now)
    {
    }

    /// <summary>Begins with every path unheard; the first <see cref="Advance"/> sends the first keepalives, or handshakes.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="keys">Version and keys; the engine does not dispose of them.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="now">Start time.</param>
    public EndpointEngine(EndpointSettings settings, EndpointKeys keys, IEndpointOutput output, in TunnelTime now)
    {
        _settings = settings;
        _output = output;
        _inbound = new InboundCheck(settings.Prefixes);
        var holdNs = settings.HoldTime.Ticks * 100;
        _policy = settings.ByScore ? new ScorePolicy(settings.TunnelCount, holdNs, settings.DeadBand) : new PriorityPolicy(holdNs);
        _stall = new StallGuard(settings.Timers.KeepaliveNs);
        _tunnels = new EndpointTunnel[settings.TunnelCount];
        _candidates = new TunnelCandidate[_tunnels.Length];
        var room = new byte[TunnelHeader.Size + TunnelHeader.NumberSize + 65536];
        for (var i = 0; i < _tunnels.Length; i++)
        {
            var (router, path) = (i / settings.Paths.Count, i % settings.Paths.Count);
            var tag = RouterTag.Of(settings.Routers[router].RouterId);
            var channel = keys.Open((settings.Number * EndpointSettings.MaxTunnels) + (uint)i, router, settings.Session, Refusals, now, (type, payload) => _inbound.NotFromRouter(tag, type, payload));
            _tunnels[i] = new EndpointTunnel(i, router, path, channel, new PathMonitor(settings.Timers, settings.Sla, _stall), new FlapDamper(settings.Dampening), room) { RouterTag = tag };
        }

        _switcher = new EndpointSwitcher(settings, _tunnels, output);
        _pacer = new KeepalivePacer(settings.Timers, settings.Pacing, _tunnels.Length, now.MonotonicNs);
        _data = new EndpointData(settings, _tunnels, output);
        _keepalives = new EndpointKeepalives(settings, _tunnels, _pacer, _switcher, _data, _stall, output);
        _patienceEndNs = now.MonotonicNs + (settings.StartPatience.Ticks * 100);
    }

    /// <summary>Index of the tunnel that carries the data; -1 before the first choice.</summary>
    public int ActiveTunnel => _switcher.Active;

    /// <summary>Datagrams refused, by reason.</summary>
    public RefusalCounters Refusals { get; } = new();

    /// <summary>Inner packets lost because no tunnel was chosen or the kernel refused the datagram.</summary>
    public long DroppedPackets { get; private set; }

    /// <summary>Copies dropped because the packet had come before over another tunnel.</summary>
    public long DuplicatePackets { get; private set; }

    /// <summary>Packets sent again after a switch.</summary>
    public long ReplayedPackets { get; private set; }

    /// <summary>When <see cref="Advance"/> must run next, monotonic ns.</summary>
    public long NextDeadlineNs { get; private set; }

    /// <summary>Measures of one path.</summary>
    /// <param name="tunnel">Index of the tunnel.</param>
    public PathMonitor Monitor(int tunnel) => _tunnels[tunnel].Monitor;

    /// <summary>A datagram came in on a tunnel's socket from anywhere.</summary>
    /// <param name="tunnel">Index of the tunnel.</param>
    /// <param name="datagram">UDP payload; decrypted in place, valid only during the call.</param>
    /// <param name="now">Both clocks.</param>
    public void OnDatagram(int tunnel, Span<byte> datagram, in TunnelTime now)
    {
        Wake(now);
        var state = _tunnels[tunnel];
        var keys = state.Channel.Agreement;
        if (state.Channel.TryAccept(datagram, now, out var header))
        {
            if (TryTake(state, (PacketType)header.Type, datagram[TunnelHeader.Size..], now) is { } refusal)
            {
                Refusals.Add(refusal);
                return;
            }

            state.Monitor.OnHeard(now.MonotonicNs);
            if ((state.Monitor.Health != PathHealth.Alive || header.Type == (byte)PacketType.Keepalive) && JudgeOnly(state, now))
            {
                Reselect(now);
            }
        }
        else if (state.Channel.DueNs <= now.MonotonicNs)
        {
            OnHandshake(state, keys, now);
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

        NoteData(now);
        var refused = _data.Send(frame, inner, active, now, out var sent);
        if (refused < 0)
        {
            return;
        }

        OnUnreachable(refused, now);
        if (!sent && !_data.SendAgain(frame, inner, _switcher.Active, refused, now))
        {
            DroppedPackets++;
        }
    }

    /// <summary>The kernel says that a datagram on a tunnel finds no way.</summary>
    /// <param name="tunnel">Index of the tunnel.</param>
    /// <param name="now">Both clocks.</param>
    public void OnUnreachable(int tunnel, in TunnelTime now)
    {
        if (Lost(tunnel, "unreachable", now))
        {
            Reselect(now);
        }
    }

    /// <summary>A datagram with data that had been taken for later found no way; it goes over the tunnel that is active now.</summary>
    /// <param name="tunnel">Index of the tunnel it was sealed for.</param>
    /// <param name="datagram">The whole datagram; changed.</param>
    /// <param name="now">Both clocks; <see cref="OnUnreachable"/> was called before.</param>
    public void OnStranded(int tunnel, Span<byte> datagram, in TunnelTime now)
    {
        if (!_tunnels[tunnel].Channel.TryUnseal(datagram))
        {
            DroppedPackets++;
            return;
        }

        var isNumbered = datagram[1] == TunnelHeader.NumberedDataType;
        if (!isNumbered || _switcher.Active < 0 || !_data.TrySendAgain(datagram, _switcher.Active, now))
        {
            OnTunPacket(isNumbered ? datagram[TunnelHeader.NumberSize..] : datagram, now);
        }
    }

    /// <summary>The kernel reports a path's link.</summary>
    /// <param name="path">Index of the path.</param>
    /// <param name="up">Whether it can carry packets. Going up only permits: a path is alive when it is heard.</param>
    /// <param name="now">Both clocks.</param>
    /// <param name="why">Goes into the event; <see langword="null"/> is <c>up</c> or <c>down</c>.</param>
    public void OnLink(int path, bool up, in TunnelTime now, string? why = null)
    {
        _output.Report(new StackEvent(StackEventNames.LinkChanged, now.RealtimeNs) { Path = _settings.Paths[path], Detail = why ?? (up ? "up" : "down") });
        for (var i = path; i < _tunnels.Length; i += _settings.Paths.Count)
        {
            if (up)
            {
                _tunnels[i].Monitor.OnLinkUp();
                _tunnels[i].Channel.Hasten(now);
                NextDeadlineNs = Math.Min(NextDeadlineNs, _tunnels[i].Channel.DueNs);
            }
            else
            {
                _tunnels[i].Monitor.OnLinkDown();
                JudgeOnly(_tunnels[i], now);
            }
        }

        if (up)
        {
            _pacer.Hasten(now.MonotonicNs);
        }

        Reselect(now);
        NextDeadlineNs = Math.Min(NextDeadlineNs, _pacer.DueNs);
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
        Wake(now);
        var changed = false;
        foreach (var tunnel in _tunnels)
        {
            changed |= JudgeOnly(tunnel, now);
        }

        if (changed || now.MonotonicNs >= _policyDeadlineNs)
        {
            Reselect(now);
        }

        if (now.MonotonicNs >= _pacer.DueNs && SendKeepalives(now))
        {
            Reselect(now);
        }

        _switcher.SendPending(now, _scratch);
        var deadline = Math.Min(Math.Min(_pacer.DueNs, _policyDeadlineNs), _switcher.DueNs);
        foreach (var tunnel in _tunnels)
        {
            tunnel.SendHandshake(now, _output);
            deadline = Math.Min(deadline, Math.Min(tunnel.Channel.DueNs, tunnel.Monitor.NextDeadlineNs(now.MonotonicNs)));
        }

        NextDeadlineNs = deadline;
        _stall.WillWakeBy(deadline);
    }

    /// <summary>Before anything is judged by the clock: what waited while we stood still tells of the time before.</summary>
    private void Wake(in TunnelTime now)
    {
        if (!_stall.Woke(now.MonotonicNs))
        {
            return;
        }

        foreach (var tunnel in _tunnels)
        {
            tunnel.Monitor.OnUnasked();
        }
    }

    /// <summary>A part of a handshake came: its answer leaves at once, and when keys were wanting the keepalives begin.</summary>
    private void OnHandshake(EndpointTunnel tunnel, string? formerKeys, in TunnelTime now)
    {
        tunnel.SendHandshake(now, _output);
        if (!ReferenceEquals(tunnel.Channel.Agreement, formerKeys))
        {
            _switcher.ReportKeys(tunnel, now);
            if (formerKeys is null || tunnel.Monitor.Health != PathHealth.Alive)
            {
                _pacer.Hasten(now.MonotonicNs);
            }
        }

        NextDeadlineNs = Math.Min(NextDeadlineNs, Math.Min(tunnel.Channel.DueNs, _pacer.DueNs));
    }

    /// <summary>Takes an authentic datagram; the reason when its content is refused.</summary>
    private RefusalReason? TryTake(EndpointTunnel tunnel, PacketType type, ReadOnlySpan<byte> payload, in TunnelTime now)
    {
        switch (type)
        {
            case PacketType.Data:
                return TakeData(payload, now);
            case PacketType.NumberedData:
                return TakeNumbered(tunnel, payload, now);
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

    private RefusalReason? TakeData(ReadOnlySpan<byte> packet, in TunnelTime now)
    {
        if (_inbound.Refuses(packet) is { } refusal)
        {
            return refusal;
        }

        NoteData(now);
        _output.WriteTun(packet);
        return null;
    }

    private RefusalReason? TakeNumbered(EndpointTunnel tunnel, ReadOnlySpan<byte> payload, in TunnelTime now)
    {
        if (payload.Length < TunnelHeader.NumberSize)
        {
            return RefusalReason.BadContent;
        }

        var packet = payload[TunnelHeader.NumberSize..];
        if (_inbound.Refuses(packet) is not null || _data.TryTake(tunnel.Router, BinaryPrimitives.ReadUInt64BigEndian(payload)))
        {
            return TakeData(packet, now);
        }

        NoteData(now);
        DuplicatePackets++;
        return null;
    }

    /// <summary>Something is carried; after an idle time the active tunnel must be watched closely again.</summary>
    private void NoteData(in TunnelTime now)
    {
        if (_pacer.OnData(now.MonotonicNs))
        {
            _keepalives.SetPaces(now);
            NextDeadlineNs = Math.Min(NextDeadlineNs, _pacer.DueNs);
        }
    }

    private RefusalReason? TakeKeepalive(EndpointTunnel tunnel, ReadOnlySpan<byte> payload, in TunnelTime now)
    {
        if (!KeepalivePayload.TryRead(payload, out var peer))
        {
            return payload.IsEmpty ? null : RefusalReason.BadContent;
        }

        if (peer.Role != KeepaliveRole.Router || !RouterTag.Fits(peer.Router, tunnel.RouterTag))
        {
            return RefusalReason.Reflected;
        }

        _switcher.OnRouterHeard(tunnel, peer, now, _scratch);
        NextDeadlineNs = Math.Min(NextDeadlineNs, _switcher.DueNs);
        (tunnel.EchoNs, tunnel.EchoReceivedNs) = (peer.SentNs, now.MonotonicNs);
        _data.OnKeepalive(tunnel.Router, peer, _settings.Session);
        foreach (var other in _tunnels.AsSpan(tunnel.Router * _settings.Paths.Count, _settings.Paths.Count))
        {
            // Whichever path brings the word: the others fall silent for the router's pause as well, sooner or later.
            other.Monitor.OnPeerPaused(peer, tunnel.Monitor, now.MonotonicNs);
        }

        tunnel.Monitor.OnKeepalive(peer, tunnel.Channel.Received, tunnel.Channel.HighestReceived, now.MonotonicNs);
        return null;
    }

    /// <summary>Sends those that are due; tells whether any found no way and its path's health changed.</summary>
    private bool SendKeepalives(in TunnelTime now)
    {
        _keepalives.SetPaces(now);
        var changed = false;
        foreach (var tunnel in _tunnels)
        {
            if (_pacer.IsDue(tunnel.Index, now.MonotonicNs))
            {
                changed |= !_keepalives.Send(tunnel, now, _scratch) && Lost(tunnel.Index, "unreachable", now);
                _pacer.Sent(tunnel.Index, now.MonotonicNs);
            }
        }

        _pacer.Settle();
        return changed;
    }

    private bool JudgeOnly(EndpointTunnel tunnel, in TunnelTime now)
    {
        if (!tunnel.Monitor.Evaluate(now.MonotonicNs))
        {
            return false;
        }

        _switcher.ReportHealth(tunnel, now);
        if (tunnel.Monitor.Health == PathHealth.Dead)
        {
            tunnel.Channel.OnSilence(now);
            NextDeadlineNs = Math.Min(NextDeadlineNs, tunnel.Channel.DueNs);
            tunnel.WasDead = true;
        }
        else if (tunnel.WasDead)
        {
            tunnel.WasDead = false;
            Replay(tunnel, now);
        }

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
            _candidates[i] = _tunnels[i].AsCandidate(_settings);
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
            if (_switcher.Active >= 0 && _candidates[_switcher.Active].Health is PathHealth.Dead or PathHealth.Degraded)
            {
                // What a path does while it carries nothing disturbs nobody, and must not keep a repaired one waiting.
                _tunnels[_switcher.Active].Damper.OnFlap(now.MonotonicNs);
            }

            _switcher.Switch(choice, now);
            _switcher.SendPending(now, _scratch);
            _pacer.Hasten(now.MonotonicNs);

            // Even when nothing seems wrong with the tunnel just left: it may have died a moment ago.
            Replay(_tunnels[choice.Tunnel], now);
        }

        if (_data.Arrange(_candidates, _switcher.Active, now.MonotonicNs) is > 0 and var moved)
        {
            _switcher.ReportFlows(moved, now);
        }

        _keepalives.SetPaces(now);
        _policyDeadlineNs = Math.Min(_data.DueNs, _policy.NextDeadlineNs(_candidates, _switcher.Active, _preferredRouter, _switcher.LastSwitchNs));
        _policyDeadlineNs = _policyDeadlineNs <= now.MonotonicNs ? now.MonotonicNs + _settings.Timers.KeepaliveNs : _policyDeadlineNs;
        NextDeadlineNs = Math.Min(NextDeadlineNs, Math.Min(Math.Min(_policyDeadlineNs, _switcher.DueNs), _pacer.DueNs));
    }

    private void Replay(EndpointTunnel tunnel, in TunnelTime now)
    {
        if (tunnel.Index == _switcher.Active && _data.Replay(tunnel.Index, now) is > 0 and var replayed)
        {
            ReplayedPackets += replayed;
            _switcher.ReportReplay(replayed, now);
        }
    }
}

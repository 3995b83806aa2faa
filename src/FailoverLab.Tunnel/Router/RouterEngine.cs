using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// The router's logic: learns endpoints and their addresses, forwards both ways, answers keepalives. Time and events in, datagrams,
/// packets, routes and events out; it owns no socket and no timer. Not thread-safe. Allocates nothing per packet.
/// </summary>
public sealed class RouterEngine
{
    private const long SweepNs = 1_000_000_000;

    /// <summary>Longer than the time window, so that nothing recorded from a forgotten tunnel is still timely.</summary>
    private const long ForgetNs = 150_000_000_000;

    private readonly RouterSettings _settings;
    private readonly DatagramSeal? _seal;
    private readonly RouterPeers _peers;
    private readonly PeerKeys? _peerKeys;
    private readonly HandshakeResponder? _responder;
    private readonly IRouterOutput _output;
    private readonly RouterControl _control;
    private readonly Dictionary<uint, RouterTunnel> _tunnels = [];
    private readonly byte[] _scratch = new byte[2048];
    private readonly byte[] _room = new byte[TunnelHeader.Size + TunnelHeader.NumberSize + 65536];
    private readonly long _startMs;
    private readonly uint _tag;
    private readonly StallGuard _stall = new(10_000_000);
    private long _nextSweepNs;

    /// <summary>Begins without peers.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="seal">Key of version 1, the only one taken; the engine does not dispose of it.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="allocator">Answers IP_ALLOC_REQUEST; <see langword="null"/> refuses them.</param>
    /// <param name="now">Start time; nothing sent before it is taken.</param>
    public RouterEngine(RouterSettings settings, DatagramSeal seal, IRouterOutput output, IEndpointAllocator? allocator, in TunnelTime now)
        : this(settings, new RouterKeys(seal), output, allocator, now)
    {
    }

    /// <summary>Begins without peers.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="keys">Versions taken and their keys; the engine does not dispose of them.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="allocator">Answers IP_ALLOC_REQUEST; <see langword="null"/> refuses them.</param>
    /// <param name="now">Start time; nothing of version 1 sent before it is taken.</param>
    public RouterEngine(RouterSettings settings, RouterKeys keys, IRouterOutput output, IEndpointAllocator? allocator, in TunnelTime now)
    {
        _settings = settings;
        _seal = keys.Seal;
        _peerKeys = keys.Peers;
        _output = output;
        _startMs = now.StampMs;
        _tag = RouterTag.Of(settings.RouterId);
        _responder = keys.Peers is { } peers ? new HandshakeResponder(peers, settings.MaxTunnels, Refusals, keys.Guard, now) : null;
        _peers = new RouterPeers(settings, keys, Refusals, output, now);
        _control = new RouterControl(settings, output, allocator, _peers, Refusals);
        _nextSweepNs = now.MonotonicNs + SweepNs;
        NextDeadlineNs = _nextSweepNs;
    }

    /// <summary>Datagrams refused, by reason.</summary>
    public RefusalCounters Refusals { get; } = new();

    /// <summary>Return packets dropped because no endpoint owns their destination or it has no living tunnel.</summary>
    public long UnroutablePackets { get; private set; }

    /// <summary>Copies dropped because the packet had come before over another tunnel.</summary>
    public long DuplicatePackets { get; private set; }

    /// <summary>Well-formed ROUTER_UPDATEs; they change nothing (<see cref="RouterUpdate"/>).</summary>
    public long RouterUpdates { get; private set; }

    /// <summary>Return packets sent again when their path moved.</summary>
    public long ReplayedPackets => _control.ReplayedPackets;

    /// <summary>Tunnels heard within the peer timeout, at the last sweep.</summary>
    public int ActiveTunnels { get; private set; }

    /// <summary>Whether any endpoint has activated this router.</summary>
    public bool HoldsGateway => _control.HoldsGateway;

    /// <summary>When <see cref="Advance"/> must run next, monotonic ns.</summary>
    public long NextDeadlineNs { get; private set; }

    /// <summary>A datagram came in.</summary>
    /// <param name="datagram">UDP payload; decrypted in place, valid only during the call.</param>
    /// <param name="source">Where from.</param>
    /// <param name="now">Both clocks.</param>
    public void OnDatagram(Span<byte> datagram, in DatagramAddress source, in TunnelTime now)
    {
        _stall.Woke(now.MonotonicNs);
        if (datagram.Length >= TunnelHeader.Size && datagram[0] == SecureHeader.Version && _responder is not null)
        {
            OnSecure(_responder, datagram, source, now);
            return;
        }

        if (!TunnelHeader.TryRead(datagram, out var header))
        {
            Refusals.Add(RefusalReason.Malformed);
            return;
        }

        if (header.TunnelId == _settings.TunnelId)
        {
            Refusals.Add(RefusalReason.Reflected);
            return;
        }

        if (Find(header.TunnelId, datagram, now) is not { } tunnel || !tunnel.Channel.TryAccept(datagram, now, out header))
        {
            return;
        }

        Take(tunnel, header, datagram[TunnelHeader.Size..], source, now);
    }

    /// <summary>The kernel routed an inner packet into the TUN; it leaves on its endpoint's return tunnel in place.</summary>
    /// <param name="frame">32 bytes of room for the header, then the packet.</param>
    /// <param name="now">Both clocks.</param>
    public void OnTunPacket(Span<byte> frame, in TunnelTime now)
    {
        if (!InnerPacket.TryRead(frame[TunnelHeader.Size..], out var inner)
            || !inner.HasRoutableSource
            || _control.Routes.Find(inner.IsIPv6, inner.Destination) is not { Return: { } tunnel } endpoint)
        {
            UnroutablePackets++;
            return;
        }

        endpoint.Data.Send(frame, inner, tunnel, _output, now);
    }

    /// <summary>Does what is due. Call it at <see cref="NextDeadlineNs"/>, after every waiting datagram was handed in.</summary>
    public void Advance(in TunnelTime now)
    {
        _stall.Woke(now.MonotonicNs);
        if (now.MonotonicNs >= _nextSweepNs)
        {
            _nextSweepNs = now.MonotonicNs + SweepNs;
            Sweep(now);
        }

        var deadline = _nextSweepNs;
        foreach (var endpoint in _control.Endpoints)
        {
            _control.UpdateReturn(endpoint, now);
            deadline = Math.Min(deadline, ReturnPath.NextDeadlineNs(endpoint, now.MonotonicNs));
        }

        _peers.Advance(now);
        _control.SendDeactivations(now);
        NextDeadlineNs = Math.Min(deadline, _control.DueNs);
        _stall.WillWakeBy(NextDeadlineNs);
    }

    /// <summary>The tunnel's state; made for an unknown tunnel only when the tag is right, so forged datagrams cost no memory.</summary>
    private RouterTunnel? Find(uint id, ReadOnlySpan<byte> datagram, in TunnelTime now)
    {
        // Version 1 knows only the common key. Who has spoken version 2 is not taken back before it is forgotten.
        if (_seal is null || _peerKeys?.HasOwn(id) == true || (_tunnels.TryGetValue(id, out var tunnel) && tunnel.Channel.Version != TunnelHeader.Version))
        {
            Refusals.Add(RefusalReason.VersionRefused);
            return null;
        }

        if (tunnel is not null)
        {
            return tunnel;
        }

        if (!_seal.Verify(datagram))
        {
            Refusals.Add(RefusalReason.BadTag);
            return null;
        }

        if (_tunnels.Count >= _settings.MaxTunnels)
        {
            Refusals.Add(RefusalReason.TableFull);
            return null;
        }

        _output.Report(new StackEvent(StackEventNames.Version1Used, now.RealtimeNs) { Router = _settings.RouterId, Detail = $"tunnel {id}: {TunnelChannel.Lacks}" });
        return AddPlain(id, _seal);
    }

    // A method of its own, so that what the lambda captures is allocated when a tunnel is made and not at every look-up.
    private RouterTunnel AddPlain(uint id, DatagramSeal seal)
    {
        RouterTunnel? made = null;
        made = Add(new TunnelChannel(id, seal, Refusals, _startMs, (type, payload) => NotFromPeer(made!, type, payload)));
        return made;
    }

    private RouterTunnel Add(ITunnelChannel channel)
    {
        var tunnel = new RouterTunnel(channel, _settings.Multiplier, _stall, _room);
        _tunnels.Add(channel.TunnelId, tunnel);
        return tunnel;
    }

    /// <summary>A datagram of version 2.</summary>
    private void OnSecure(HandshakeResponder responder, Span<byte> datagram, in DatagramAddress source, in TunnelTime now)
    {
        var id = BinaryPrimitives.ReadUInt32BigEndian(datagram[HandshakeLayout.TunnelId..]);
        if (id == _settings.TunnelId)
        {
            OnPeer(datagram, source, now);
        }
        else if (HandshakeResponder.IsHello(datagram))
        {
            if (responder.Answer(datagram, source, now, _scratch) is > 0 and var length)
            {
                _output.SendDatagram(_scratch.AsSpan(0, length), source);
            }
        }
        else if (responder.Find(id) is not { } channel)
        {
            Refusals.Add(RefusalReason.UnknownKeys);
        }
        else if (channel.TryAccept(datagram, now, out var header))
        {
            Take(Keyed(channel, now), header, datagram[TunnelHeader.Size..], source, now);
        }
    }

    /// <summary>The tunnel of a channel that has just shown that it has fresh keys.</summary>
    private RouterTunnel Keyed(ResponderChannel channel, in TunnelTime now)
    {
        var tunnel = _tunnels.TryGetValue(channel.TunnelId, out var known) ? known : Add(channel);
        tunnel.Channel = channel;
        tunnel.IsConfirmed = true;
        if (!ReferenceEquals(tunnel.Agreement, channel.Agreement))
        {
            tunnel.Agreement = channel.Agreement;
            _output.Report(new StackEvent(StackEventNames.KeysAgreed, now.RealtimeNs)
            {
                Router = _settings.RouterId,
                Endpoint = tunnel.Endpoint?.Id,
                Path = tunnel.Path,
                Detail = $"tunnel {channel.TunnelId}: {channel.Agreement}",
            });
        }

        return tunnel;
    }

    /// <summary>A datagram of version 2 under our own tunnel id: another router answers.</summary>
    private void OnPeer(Span<byte> datagram, in DatagramAddress source, in TunnelTime now)
    {
        if (_peers.TryAccept(datagram, source, now, out var type, out var isReady))
        {
            if (type == PacketType.DeactivationAck && _control.TakeDeactivationAck(datagram[TunnelHeader.Size..], now) is { } refusal)
            {
                Refusals.Add(refusal);
            }
        }
        else if (isReady)
        {
            _control.OnPeerReady(source, now);
        }

        NextDeadlineNs = Math.Min(NextDeadlineNs, _control.DueNs);
    }

    /// <summary>Notes that a tunnel lives, and where.</summary>
    private void Heard(RouterTunnel tunnel, in TunnelHeader header, in DatagramAddress known, in TunnelTime now)
    {
        tunnel.LastHeardNs = now.MonotonicNs;
        tunnel.Monitor.OnHeard(now.MonotonicNs);
        if (tunnel.Address != known)
        {
            _output.Report(new StackEvent(StackEventNames.PeerLearned, now.RealtimeNs)
            {
                Router = _settings.RouterId,
                Endpoint = tunnel.Endpoint?.Id,
                Path = tunnel.Path,
                Detail = $"tunnel {header.TunnelId} at {tunnel.Address}",
            });
        }
    }

    /// <summary>Takes an authentic datagram.</summary>
    private void Take(RouterTunnel tunnel, in TunnelHeader header, ReadOnlySpan<byte> payload, in DatagramAddress source, in TunnelTime now)
    {
        // The peer's address follows the datagram with the highest sequence, not a late one; and not one whose content is refused.
        var known = tunnel.Address;
        tunnel.Address = header.Sequence == tunnel.Channel.HighestReceived || known == default ? source : known;
        if (TryTake(tunnel, header, payload, now) is { } refusal)
        {
            tunnel.Address = known;
            Refusals.Add(refusal);
            return;
        }

        Heard(tunnel, header, known, now);
    }

    private RefusalReason? NotFromPeer(RouterTunnel tunnel, PacketType type, ReadOnlySpan<byte> payload) => type switch
    {
        PacketType.Data => Refuses(tunnel, payload, out _),
        PacketType.NumberedData => payload.Length < TunnelHeader.NumberSize ? RefusalReason.BadContent : Refuses(tunnel, payload[TunnelHeader.NumberSize..], out _),
        PacketType.Keepalive when KeepalivePayload.TryRead(payload, out var peer) => peer.Role == KeepaliveRole.Endpoint && RouterTag.Fits(peer.Router, _tag) ? null : RefusalReason.Reflected,
        PacketType.AllocationResponse or PacketType.ActivationAck => RefusalReason.Reflected,
        _ => null,
    };

    private RefusalReason? TryTake(RouterTunnel tunnel, in TunnelHeader header, ReadOnlySpan<byte> payload, in TunnelTime now)
    {
        switch ((PacketType)header.Type)
        {
            case PacketType.Data:
                return TakeData(tunnel, payload);
            case PacketType.NumberedData:
                return TakeNumbered(tunnel, payload);
            case PacketType.Keepalive:
                return TakeKeepalive(tunnel, header, payload, now);
            case PacketType.EndpointActivation:
                var refusal = _control.TakeActivation(tunnel, payload, now, _scratch);
                NextDeadlineNs = Math.Min(NextDeadlineNs, _control.DueNs);
                return refusal;
            case PacketType.RouteAdvertisement:
                return _control.TakeAdvertisement(tunnel, payload);
            case PacketType.AllocationRequest:
                return _control.TakeAllocation(tunnel, payload, now, _scratch);
            case PacketType.DeactivationAck:
                return _control.TakeDeactivationAck(payload, now);
            case PacketType.RouterUpdate:
                return TakeUpdate(payload);
            default:
                return RefusalReason.Reflected;
        }
    }

    private RefusalReason? TakeData(RouterTunnel tunnel, ReadOnlySpan<byte> packet)
    {
        if (Refuses(tunnel, packet, out var inner) is { } refusal)
        {
            return refusal;
        }

        tunnel.Endpoint?.Data.Learn(packet, inner, tunnel);
        _output.WriteTun(packet);
        return null;
    }

    private RefusalReason? TakeNumbered(RouterTunnel tunnel, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < TunnelHeader.NumberSize || tunnel.Endpoint is not { } endpoint)
        {
            return RefusalReason.BadContent;
        }

        var packet = payload[TunnelHeader.NumberSize..];
        if (Refuses(tunnel, packet, out _) is { } refusal)
        {
            return refusal;
        }

        if (endpoint.Data.TryTake(BinaryPrimitives.ReadUInt64BigEndian(payload)))
        {
            _output.WriteTun(packet);
        }
        else
        {
            DuplicatePackets++;
        }

        return null;
    }

    private RefusalReason? TakeUpdate(ReadOnlySpan<byte> payload)
    {
        if (ControlJson.TryRead(payload, ControlJson.Default.RouterUpdate)?.IsWellFormed() != true)
        {
            return RefusalReason.BadContent;
        }

        RouterUpdates++;
        return null;
    }

    private static RefusalReason? Refuses(RouterTunnel tunnel, ReadOnlySpan<byte> packet, out InnerPacket inner)
    {
        inner = default;
        if (!tunnel.IsConfirmed)
        {
            return RefusalReason.Unconfirmed;
        }

        if (!InnerPacket.TryRead(packet, out inner))
        {
            return RefusalReason.BadContent;
        }

        var mayBe = inner.HasRoutableSource && tunnel.Endpoint is { } endpoint && (endpoint.Owns(inner) || (endpoint.IsSilent && tunnel.Channel.Version == TunnelHeader.Version));
        return mayBe ? null : RefusalReason.SpoofedSource;
    }

    private RefusalReason? TakeKeepalive(RouterTunnel tunnel, in TunnelHeader header, ReadOnlySpan<byte> payload, in TunnelTime now)
    {
        if (payload.IsEmpty && tunnel.Channel.Version == SecureHeader.Version)
        {
            // Only shows that it has the keys; it may be another router.
            Reply(tunnel, 0, now);
            return null;
        }

        if (payload.IsEmpty)
        {
            _control.EndpointOf(tunnel);
            tunnel.IsConfirmed = true;
            Reply(tunnel, 0, now);
            return null;
        }

        if (!KeepalivePayload.TryRead(payload, out var peer))
        {
            return RefusalReason.BadContent;
        }

        if (peer.Role != KeepaliveRole.Endpoint || !RouterTag.Fits(peer.Router, _tag))
        {
            return RefusalReason.Reflected;
        }

        var endpoint = _control.EndpointOf(tunnel);
        tunnel.IsConfirmed |= peer.PeerSession == _settings.Session;
        if (peer.IntervalUs > 0)
        {
            tunnel.Monitor.UseInterval(peer.IntervalUs * 1000L, now.MonotonicNs);
        }

        endpoint.NotePause(peer, tunnel.Monitor, now.MonotonicNs);
        tunnel.Monitor.OnHeard(now.MonotonicNs);
        tunnel.Monitor.OnKeepalive(peer, tunnel.Channel.Received, tunnel.Channel.HighestReceived, now.MonotonicNs);
        _control.FollowEndpoint(endpoint, peer, header.TimestampMs, now);
        if (peer.Session == endpoint.Session)
        {
            endpoint.Data.OnKeepalive(peer, _settings.Session, _settings.ReplayWindow.Ticks * 100);
        }

        if (!tunnel.IsAlive || endpoint.Return is null)
        {
            _control.UpdateReturn(endpoint, now);
            NextDeadlineNs = Math.Min(NextDeadlineNs, ReturnPath.NextDeadlineNs(endpoint, now.MonotonicNs));
        }

        new KeepalivePayload(
            KeepaliveRole.Router,
            endpoint.IsActive,
            _settings.Session,
            peer.Session,
            now.MonotonicNs,
            peer.SentNs,
            0,
            peer.IntervalUs,
            tunnel.Channel.Received,
            tunnel.Channel.HighestReceived,
            (uint)(tunnel.Monitor.InboundJitterNs / 1000),
            endpoint.ActivationNumber)
        {
            TakesNumbers = true,
            HasRoutes = tunnel.IsAdvertised,
            Pause = _stall.Told(now.MonotonicNs),
            Router = _tag,
            Mode = endpoint.Data.Mode,
            Ack = endpoint.Data.Ack,
        }.Write(_scratch.AsSpan(TunnelHeader.Size));
        Reply(tunnel, endpoint.Data.Mode == DataMode.Replay ? KeepalivePayload.SizeWithAck : KeepalivePayload.Size, now);
        return null;
    }

    private void Reply(RouterTunnel tunnel, int payloadLength, in TunnelTime now) =>
        tunnel.Send(_scratch.AsSpan(0, TunnelHeader.Size + payloadLength), PacketType.Keepalive, false, now, _output);

    private void Sweep(in TunnelTime now)
    {
        var timeoutNs = _settings.PeerTimeout.Ticks * 100;
        ActiveTunnels = 0;
        foreach (var (id, tunnel) in _tunnels)
        {
            var silenceNs = now.MonotonicNs - tunnel.LastHeardNs;
            ActiveTunnels += tunnel.LastHeardNs != long.MinValue && silenceNs < timeoutNs ? 1 : 0;
            if (tunnel.LastHeardNs == long.MinValue || silenceNs > ForgetNs)
            {
                tunnel.Endpoint?.Tunnels.Remove(id);
                _tunnels.Remove(id);
            }
        }

        _control.ForgetSilent(timeoutNs, now);
        _responder?.Sweep(now);
    }
}

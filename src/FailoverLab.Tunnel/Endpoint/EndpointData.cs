using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// The endpoint's data under its <see cref="DataMode"/>: over which tunnels a packet goes, what is sent again after a switch, and which copies that
/// come in are dropped. Numbers are used only with a router that says it takes them and knows this run of the endpoint.
/// </summary>
internal sealed class EndpointData
{
    private readonly EndpointTunnel[] _tunnels;
    private readonly IEndpointOutput _output;
    private readonly DataOutbox _outbox;
    private readonly FlowSpreader? _spreader;
    private readonly DataInbox[] _inboxes;
    private readonly bool[] _numbers;
    private readonly bool[] _usable;
    private readonly int _paths;
    private readonly long _holdNs;
    private int _second = -1;
    private ulong _number;

    public EndpointData(EndpointSettings settings, EndpointTunnel[] tunnels, IEndpointOutput output)
    {
        Mode = settings.Mode;
        _tunnels = tunnels;
        _output = output;
        _paths = settings.Paths.Count;
        _holdNs = settings.HoldTime.Ticks * 100;
        _outbox = new DataOutbox(settings.Session, Mode == DataMode.Replay, settings.ReplayWindow.Ticks * 100);
        _spreader = Mode == DataMode.Weighted ? new FlowSpreader(settings.Weights ?? [.. settings.Paths.Select(_ => 1.0)]) : null;
        _inboxes = [.. settings.Routers.Select(_ => new DataInbox())];
        _numbers = new bool[settings.Routers.Count];
        _usable = new bool[_paths];
    }

    public DataMode Mode { get; }

    /// <summary>When a path may take flows again; <see cref="long.MaxValue"/> for never.</summary>
    public long DueNs { get; private set; } = long.MaxValue;

    /// <summary>What a router's numbered data came to.</summary>
    public DataAck AckOf(int router) => _inboxes[router].Ack;

    /// <summary>Whether a tunnel carries data while the given one is active.</summary>
    public bool Carries(EndpointTunnel tunnel, int active) =>
        tunnel.Index == active
        || (Mode == DataMode.Duplicate && tunnel.Index == _second)
        || (Mode == DataMode.Weighted && active >= 0 && tunnel.Router == _tunnels[active].Router && _usable[tunnel.Path]);

    /// <summary>Learns from a router's keepalive whether it takes numbers, and what it has received.</summary>
    public void OnKeepalive(int router, in KeepalivePayload peer, ulong ownSession)
    {
        _numbers[router] = peer.TakesNumbers && peer.PeerSession == ownSession;
        _inboxes[router].Begin(peer.Session);
        _outbox.Acknowledge(peer.Ack);
    }

    /// <summary>Takes a numbered packet that came from a router.</summary>
    /// <returns>Whether it is the first copy.</returns>
    public bool TryTake(int router, ulong number) => _inboxes[router].TryTake(number);

    /// <summary>Sends an inner packet.</summary>
    /// <param name="frame">32 bytes of room for the header, then the packet.</param>
    /// <param name="inner">What was read of the packet.</param>
    /// <param name="active">The active tunnel.</param>
    /// <param name="now">Both clocks.</param>
    /// <param name="sent">Whether a copy found a way.</param>
    /// <returns>Index of a tunnel that had no way; -1 when all had.</returns>
    public int Send(Span<byte> frame, in InnerPacket inner, int active, in TunnelTime now, out bool sent)
    {
        var packet = frame[TunnelHeader.Size..];
        if (IsNumbering(active))
        {
            _number = _outbox.Take(packet, now.MonotonicNs);
            sent = SendNumbered(active, _number, packet, now);
            var refused = sent ? -1 : active;
            if (_second >= 0 && IsDuplicating(active))
            {
                var second = SendNumbered(_second, _number, packet, now);
                refused = second ? refused : _second;
                sent |= second;
            }

            return refused;
        }

        var tunnel = _spreader?.TunnelOf(FlowHash.Of(packet, inner)) is { } spread and >= 0 ? spread : active;
        sent = SendPlain(tunnel, frame, inner.IsIPv6, now);
        return sent ? -1 : tunnel;
    }

    /// <summary>Sends the packet of the last <see cref="Send"/> again, after its tunnel was left for another.</summary>
    /// <returns>Whether it found a way.</returns>
    public bool SendAgain(Span<byte> frame, in InnerPacket inner, int active, int refused, in TunnelTime now)
    {
        if (active == refused)
        {
            return false;
        }

        // With the replay the switch itself has sent it again.
        return !IsNumbering(active) ? SendPlain(active, frame, inner.IsIPv6, now)
            : Mode == DataMode.Replay || SendNumbered(active, _number, frame[TunnelHeader.Size..], now);
    }

    /// <summary>Sends a numbered datagram that found no way again, under its number.</summary>
    /// <param name="datagram">The whole datagram with its payload in clear.</param>
    /// <param name="active">The active tunnel.</param>
    /// <param name="now">Both clocks.</param>
    /// <returns>Whether that was done; not when the active tunnel's router takes no numbers.</returns>
    public bool TrySendAgain(Span<byte> datagram, int active, in TunnelTime now)
    {
        if (!IsNumbering(active))
        {
            return false;
        }

        // With the replay the switch itself has sent it again.
        if (Mode != DataMode.Replay)
        {
            _tunnels[active].Send(datagram, PacketType.NumberedData, datagram[TunnelHeader.Size + TunnelHeader.NumberSize] >> 4 == 6, now, _output);
        }

        return true;
    }

    /// <summary>Sends again what the peer has not acknowledged.</summary>
    /// <returns>How many packets.</returns>
    public int Replay(int active, in TunnelTime now)
    {
        var replayed = 0;
        for (var place = _outbox.Ring?.Oldest ?? 0; IsNumbering(active) && place < (_outbox.Ring?.End ?? 0); place++)
        {
            if (_outbox.Ring!.TryGet(place, now.MonotonicNs, out var number, out var packet) && SendNumbered(active, number, packet, now))
            {
                replayed++;
            }
        }

        return replayed;
    }

    /// <summary>Finds the tunnels beside the active one anew.</summary>
    /// <returns>How many of the <see cref="FlowSpreader.Buckets"/> flows moved.</returns>
    public int Arrange(ReadOnlySpan<TunnelCandidate> tunnels, int active, long nowNs)
    {
        DueNs = long.MaxValue;
        if (active < 0 || Mode is DataMode.Plain or DataMode.Replay)
        {
            return 0;
        }

        var first = tunnels[active].Router * _paths;
        _second = -1;
        var secondRank = 0;
        for (var path = 0; path < _paths; path++)
        {
            ref readonly var tunnel = ref tunnels[first + path];
            var rank = tunnel.Health switch
            {
                PathHealth.Alive => tunnel.IsHeld(_holdNs, nowNs) ? 5 : 4,
                PathHealth.Degraded => 3,

                // A second copy over it may arrive, for silence may be somebody's pause; none cannot.
                PathHealth.Suspect => 2,
                PathHealth.Dead when tunnel.Reason == PathMonitor.Silence => 1,
                _ => 0,
            };
            (_second, secondRank) = first + path != active && rank > secondRank ? (first + path, rank) : (_second, secondRank);
            _usable[path] = first + path == active || rank == 5 || (_usable[path] && tunnel.Health is PathHealth.Alive or PathHealth.Suspect);
            if (rank == 4 && !_usable[path])
            {
                DueNs = Math.Min(DueNs, tunnel.HeldFromNs(_holdNs));
            }
        }

        return _spreader?.Spread(first, _usable) ?? 0;
    }

    private bool IsNumbering(int active) => Mode is DataMode.Duplicate or DataMode.Adaptive or DataMode.Replay && _numbers[_tunnels[active].Router];

    private bool IsDuplicating(int active) => Mode == DataMode.Duplicate || (Mode == DataMode.Adaptive && _tunnels[active].Monitor.Health != PathHealth.Alive);

    private bool SendPlain(int tunnel, Span<byte> frame, bool isIPv6, in TunnelTime now) => _tunnels[tunnel].Send(frame, PacketType.Data, isIPv6, now, _output);

    private bool SendNumbered(int tunnel, ulong number, ReadOnlySpan<byte> packet, in TunnelTime now)
    {
        var datagram = _outbox.Datagram(number, packet);
        return _tunnels[tunnel].Send(datagram, PacketType.NumberedData, packet[0] >> 4 == 6, now, _output);
    }
}

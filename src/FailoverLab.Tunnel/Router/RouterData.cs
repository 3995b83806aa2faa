using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// One endpoint's data at the router, under the <see cref="DataMode"/> the endpoint asks for: over which tunnels a return packet goes, what is sent
/// again when its return path moves, and which copies that come in are dropped.
/// </summary>
internal sealed class RouterData
{
    private readonly DataInbox _inbox = new();
    private RouterTunnel?[]? _flows;
    private DataOutbox? _outbox;
    private bool _numbers;

    public DataMode Mode { get; private set; }

    /// <summary>Tunnel of the second copies; <see langword="null"/> for none.</summary>
    public RouterTunnel? Second { get; set; }

    /// <summary>What the endpoint's numbered data came to.</summary>
    public DataAck Ack => _inbox.Ack;

    /// <summary>Learns from the endpoint's keepalive how its data is carried, and what it has received.</summary>
    /// <param name="peer">The keepalive.</param>
    /// <param name="ownSession">This run of the router.</param>
    /// <param name="replayWindowNs">How long packets are kept for a replay.</param>
    public void OnKeepalive(in KeepalivePayload peer, ulong ownSession, long replayWindowNs)
    {
        if (peer.Mode != Mode)
        {
            (Mode, _outbox, _flows, Second) = (peer.Mode, null, null, null);
        }

        _numbers = peer.TakesNumbers && peer.PeerSession == ownSession && Mode is DataMode.Duplicate or DataMode.Adaptive or DataMode.Replay;
        _inbox.Begin(peer.Session);
        if (_numbers)
        {
            _outbox ??= new DataOutbox(ownSession, Mode == DataMode.Replay, replayWindowNs);
            _outbox.Acknowledge(peer.Ack);
        }
        else if (Mode == DataMode.Weighted)
        {
            _flows ??= new RouterTunnel?[FlowSpreader.Buckets];
        }
    }

    /// <summary>The endpoint began a new run: it knows nothing of what we sent.</summary>
    public void OnEndpointStarted() => (_numbers, _flows, Second) = (false, null, null);

    /// <summary>Takes a numbered packet.</summary>
    /// <returns>Whether it is the first copy.</returns>
    public bool TryTake(ulong number) => _inbox.TryTake(number);

    /// <summary>Notes over which tunnel a flow comes, so that its answers return there.</summary>
    public void Learn(ReadOnlySpan<byte> packet, in InnerPacket inner, RouterTunnel tunnel)
    {
        if (_flows is not null)
        {
            _flows[FlowHash.Of(packet, inner) % FlowSpreader.Buckets] = tunnel;
        }
    }

    /// <summary>Sends a return packet.</summary>
    /// <param name="frame">32 bytes of room for the header, then the packet.</param>
    /// <param name="inner">What was read of the packet.</param>
    /// <param name="tunnel">The return path.</param>
    /// <param name="output">Where datagrams go.</param>
    /// <param name="now">Both clocks.</param>
    public void Send(Span<byte> frame, in InnerPacket inner, RouterTunnel tunnel, IRouterOutput output, in TunnelTime now)
    {
        var packet = frame[TunnelHeader.Size..];
        if (_numbers && _outbox is not null)
        {
            var number = _outbox.Take(packet, now.MonotonicNs);
            SendNumbered(tunnel, number, packet, output, now);
            if (Second is { } second && second != tunnel && (Mode == DataMode.Duplicate || (Mode == DataMode.Adaptive && tunnel.Monitor.Health != PathHealth.Alive)))
            {
                SendNumbered(second, number, packet, output, now);
            }

            return;
        }

        var way = _flows?[FlowHash.Of(packet, inner) % FlowSpreader.Buckets] is { IsAlive: true } learned ? learned : tunnel;
        way.Send(frame, PacketType.Data, inner.IsIPv6, now, output);
    }

    /// <summary>Sends again what the endpoint has not acknowledged.</summary>
    /// <returns>How many packets.</returns>
    public int Replay(RouterTunnel tunnel, IRouterOutput output, in TunnelTime now)
    {
        var replayed = 0;
        for (var place = _outbox?.Ring?.Oldest ?? 0; _numbers && place < (_outbox?.Ring?.End ?? 0); place++)
        {
            if (_outbox!.Ring!.TryGet(place, now.MonotonicNs, out var number, out var packet))
            {
                SendNumbered(tunnel, number, packet, output, now);
                replayed++;
            }
        }

        return replayed;
    }

    private void SendNumbered(RouterTunnel tunnel, ulong number, ReadOnlySpan<byte> packet, IRouterOutput output, in TunnelTime now)
    {
        var datagram = _outbox!.Datagram(number, packet);
        tunnel.Send(datagram, PacketType.NumberedData, packet[0] >> 4 == 6, now, output);
    }
}

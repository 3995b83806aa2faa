using System.Globalization;
using System.Net;
using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// The router's control side: which endpoints have activated it, with which prefixes, and who must be told. The newest activation of
/// an endpoint wins, by number within one run of the endpoint, by timestamp where a foreign endpoint sends no number.
/// </summary>
internal sealed class RouterControl
{
    private const int MaxLessees = 65536;

    private readonly RouterSettings _settings;
    private readonly IRouterOutput _output;
    private readonly IEndpointAllocator? _allocator;
    private readonly RouterPeers _peers;
    private readonly RefusalCounters _refusals;
    private readonly Dictionary<uint, RouterEndpoint> _endpoints = [];
    private readonly DeactivationSender _deactivations = new();

    /// <summary>Under which id an endpoint asked for a subnet; kept when the endpoint is forgotten, for one that is back may only say that it lives.</summary>
    private readonly Dictionary<uint, string> _lessees = [];

    public RouterControl(RouterSettings settings, IRouterOutput output, IEndpointAllocator? allocator, RouterPeers peers, RefusalCounters refusals)
    {
        _settings = settings;
        _output = output;
        _allocator = allocator;
        _peers = peers;
        _refusals = refusals;
    }

    public PrefixTable<RouterEndpoint> Routes { get; } = new();

    public Dictionary<uint, RouterEndpoint>.ValueCollection Endpoints => _endpoints.Values;

    public bool HoldsGateway { get; private set; }

    /// <summary>Return packets sent again.</summary>
    public long ReplayedPackets { get; private set; }

    public long DueNs => Math.Min(_deactivations.DueNs, _peers.DueNs);

    public RouterEndpoint EndpointOf(RouterTunnel tunnel)
    {
        if (tunnel.Endpoint is { } known)
        {
            return known;
        }

        var number = tunnel.Channel.TunnelId / EndpointSettings.MaxTunnels;
        if (!_endpoints.TryGetValue(number, out var endpoint))
        {
            endpoint = new RouterEndpoint(number);
            _endpoints.Add(number, endpoint);
        }

        endpoint.Tunnels[tunnel.Channel.TunnelId] = tunnel;
        tunnel.Endpoint = endpoint;
        return endpoint;
    }

    /// <summary>
    /// What a keepalive says about the endpoint: that it restarted (its activation is void then), or that it has meanwhile activated
    /// another router. The latter heals a deactivation that never arrived.
    /// </summary>
    public void FollowEndpoint(RouterEndpoint endpoint, in KeepalivePayload peer, uint timestampMs, in TunnelTime now)
    {
        var isNewer = endpoint.Session == 0 || unchecked((int)(timestampMs - endpoint.LatestMs)) > 0;
        if (peer.Session != endpoint.Session && isNewer)
        {
            if (endpoint.Session != 0)
            {
                Deactivate(endpoint, "endpoint-restarted", null, now);
            }

            Begin(endpoint, peer.Session);
        }
        else if (peer.Session == endpoint.Session && !peer.IsActiveRouter && peer.ActivationNumber > endpoint.ActivationNumber)
        {
            Deactivate(endpoint, "endpoint-left", null, now);
        }

        endpoint.LatestMs = isNewer ? timestampMs : endpoint.LatestMs;
    }

    public RefusalReason? TakeActivation(RouterTunnel tunnel, ReadOnlySpan<byte> payload, in TunnelTime now, Span<byte> scratch)
    {
        var message = ControlJson.TryRead(payload, ControlJson.Default.ActivationMessage);
        if (message?.EndpointId is not { Length: > 0 } || (message.RouterId is { } target && message.Active && target != _settings.RouterId))
        {
            return RefusalReason.BadContent;
        }

        if (!message.Active)
        {
            TakeDeactivation(message, now);
            AcknowledgeDeactivation(tunnel, payload, now, scratch);
            return null;
        }

        if (Parse(message.RoutesIPv4, message.RoutesIPv6) is not { } prefixes)
        {
            return RefusalReason.BadContent;
        }

        var endpoint = EndpointOf(tunnel);
        if (IsOlder(message, endpoint))
        {
            return null;
        }

        if (message.Session != 0 && message.Session != endpoint.Session)
        {
            Begin(endpoint, message.Session);
        }

        tunnel.IsConfirmed = true;
        if (message.Number == 0 || message.Number != endpoint.ActivationNumber || !endpoint.IsActive)
        {
            Activate(endpoint, tunnel, message, prefixes, now);
        }

        var echo = message.Number == 0 ? "" : message.Correlation ?? "";
        Send(tunnel, PacketType.ActivationAck, System.Text.Encoding.UTF8.GetBytes(echo), now, scratch);
        SendDeactivations(now);
        return null;
    }

    public RefusalReason? TakeAdvertisement(RouterTunnel tunnel, ReadOnlySpan<byte> payload)
    {
        var message = ControlJson.TryRead(payload, ControlJson.Default.RouteAdvertisement);
        if (message?.EndpointId is not { Length: > 0 } || (message.RouterId is { } target && target != _settings.RouterId) || Parse(message.RoutesIPv4, message.RoutesIPv6) is not { } prefixes)
        {
            return RefusalReason.BadContent;
        }

        var endpoint = EndpointOf(tunnel);
        if (message.Session != 0 && message.Session == endpoint.SessionBefore)
        {
            return null;
        }

        tunnel.IsAdvertised = true;
        tunnel.Path = message.Path ?? tunnel.Path;
        Install(endpoint, message.EndpointId, prefixes);
        return null;
    }

    public RefusalReason? TakeAllocation(RouterTunnel tunnel, ReadOnlySpan<byte> payload, in TunnelTime now, Span<byte> scratch)
    {
        var request = ControlJson.TryRead(payload, ControlJson.Default.AllocationRequest);
        if (request?.EndpointId is not { Length: > 0 and <= 64 })
        {
            return RefusalReason.BadContent;
        }

        var response = _allocator?.Allocate(request, now)
            ?? new AllocationResponse { EndpointId = request.EndpointId, ErrorMessage = "this router allocates no subnets" };
        if (response.Success && _lessees.Count < MaxLessees)
        {
            _lessees[EndpointOf(tunnel).Number] = request.EndpointId;
        }

        Send(tunnel, PacketType.AllocationResponse, ControlJson.Write(response, ControlJson.Default.AllocationResponse), now, scratch);
        return null;
    }

    public RefusalReason? TakeDeactivationAck(ReadOnlySpan<byte> payload, in TunnelTime now)
    {
        var message = ControlJson.TryRead(payload, ControlJson.Default.ActivationMessage);
        if (message is null)
        {
            return RefusalReason.BadContent;
        }

        if (_deactivations.Cancel(message.EndpointId))
        {
            Report(StackEventNames.DeactivationAcknowledged, now, message.EndpointId, message.Correlation, null);
        }

        return null;
    }

    /// <summary>
    /// Moves return traffic where it must. What the router does by itself has no id: the endpoint's switch, if one follows, is not known yet, and that of the one before
    /// would be wrong.
    /// </summary>
    public void UpdateReturn(RouterEndpoint endpoint, in TunnelTime now)
    {
        var wasDead = endpoint.Return is { IsAlive: false };
        var left = ReturnPath.Update(endpoint, now.MonotonicNs);
        if ((wasDead && endpoint.Return is { IsAlive: true }) || left is { Monitor.Health: not PathHealth.Alive })
        {
            Replay(endpoint, null, now);
        }

        if (left is not null && endpoint.IsActive)
        {
            ReportMove(endpoint, left, endpoint.Return == endpoint.Activated ? "tunnel-recovered" : "silence", null, now);
        }
    }

    public void SendDeactivations(in TunnelTime now)
    {
        while (_deactivations.Take(now.MonotonicNs) is { } order)
        {
            if (_peers.Send(order.Address, order.RouterId, PacketType.EndpointActivation, order.Payload, now) && !order.WasSent)
            {
                order.WasSent = true;
                Report(StackEventNames.DeactivationSent, now, null, null, order.Address.ToString());
            }
        }
    }

    public void ForgetSilent(long timeoutNs, in TunnelTime now)
    {
        foreach (var (number, endpoint) in _endpoints)
        {
            var heardNs = endpoint.Tunnels.Count == 0 ? long.MinValue : endpoint.Tunnels.Values.Max(t => t.LastHeardNs);
            if (heardNs != long.MinValue && now.MonotonicNs - heardNs < timeoutNs)
            {
                if (_lessees.TryGetValue(number, out var lessee))
                {
                    _allocator?.Hear(lessee, now);
                }

                continue;
            }

            Deactivate(endpoint, "peer-timeout", null, now);
            Install(endpoint, endpoint.Id, []);
            foreach (var tunnel in endpoint.Tunnels.Values)
            {
                tunnel.Endpoint = null;
                tunnel.IsConfirmed = tunnel.IsAdvertised = false;
            }

            _endpoints.Remove(number);
            Report(StackEventNames.PeerTimedOut, now, endpoint.Id, null, null);
        }

        foreach (var (id, subnet) in _allocator?.Expire(now) ?? [])
        {
            Report(StackEventNames.SubnetExpired, now, id, null, subnet);
            foreach (var (number, _) in _lessees.Where(l => l.Value == id).ToList())
            {
                _lessees.Remove(number);
            }
        }
    }

    private static void Begin(RouterEndpoint endpoint, ulong session)
    {
        (endpoint.SessionBefore, endpoint.Session) = (endpoint.Session, session);
        endpoint.ActivationNumber = 0;
        foreach (var tunnel in endpoint.Tunnels.Values)
        {
            tunnel.IsAdvertised = false;
        }

        endpoint.Data.OnEndpointStarted();
    }

    /// <summary>
    /// Whether a later activation is known: of a later run, or of the same with a higher number. Without it, an activation of the run before that is still on its
    /// way when the endpoint restarts would void all of the new one's.
    /// </summary>
    private static bool IsOlder(ActivationMessage message, RouterEndpoint endpoint) =>
        message.Number == 0 ? message.Timestamp < endpoint.ActivationTimestamp
        : message.Session == endpoint.Session || message.Session == 0 ? message.Number < endpoint.ActivationNumber
        : message.Session == endpoint.SessionBefore;

    private static IpPrefix[]? Parse(IReadOnlyList<string>? ipv4, IReadOnlyList<string>? ipv6)
    {
        var texts = (ipv4 ?? []).Concat(ipv6 ?? []).ToArray();
        var prefixes = new IpPrefix[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            if (!IpPrefix.TryParse(texts[i], out prefixes[i]))
            {
                return null;
            }
        }

        return prefixes;
    }

    private void Activate(RouterEndpoint endpoint, RouterTunnel tunnel, ActivationMessage message, IpPrefix[] prefixes, in TunnelTime now)
    {
        endpoint.ActivationNumber = message.Number;
        endpoint.ActivationTimestamp = message.Timestamp;
        tunnel.IsAdvertised = true;
        tunnel.Path = message.Path ?? tunnel.Path;
        Install(endpoint, message.EndpointId, prefixes);
        var left = endpoint.IsActive ? endpoint.Return : null;
        endpoint.IsActive = true;
        endpoint.Activated = tunnel;
        endpoint.Return = tunnel;
        UpdateGateway(now);
        ReportMove(endpoint, left, "activation", message.Correlation, now);
        if (endpoint.Return != left)
        {
            Replay(endpoint, message.Correlation, now);
        }

        _deactivations.Cancel(message.EndpointId);
        if (message.PreviousRouterId is { } previous && previous != _settings.RouterId && IPAddress.TryParse(message.PreviousRouterIp, out var address))
        {
            var payload = ControlJson.Write(message with { Active = false }, ControlJson.Default.ActivationMessage);
            _deactivations.Begin(message.EndpointId, DatagramAddress.From(new IPEndPoint(address, _settings.PeerPort)), previous, payload, now.MonotonicNs);
        }
    }

    private void TakeDeactivation(ActivationMessage message, in TunnelTime now)
    {
        foreach (var endpoint in _endpoints.Values)
        {
            if (endpoint.Id == message.EndpointId && !IsOlder(message, endpoint))
            {
                endpoint.ActivationNumber = message.Session == endpoint.Session ? message.Number : endpoint.ActivationNumber;
                Deactivate(endpoint, "other-router", message.Correlation, now);
            }
        }
    }

    /// <summary>
    /// Lets go of the endpoint's activation and of the gateway. The routes stay while the endpoint's tunnels live, so that packets
    /// still on their way here are delivered and not lost.
    /// </summary>
    private void Deactivate(RouterEndpoint endpoint, string reason, string? correlation, in TunnelTime now)
    {
        if (!endpoint.IsActive)
        {
            return;
        }

        endpoint.IsActive = false;
        endpoint.Activated = null;
        if (endpoint.Id is { } id)
        {
            _deactivations.Cancel(id);
        }

        _output.Report(new StackEvent(StackEventNames.Deactivated, now.RealtimeNs)
        {
            Router = _settings.RouterId,
            Endpoint = endpoint.Id,
            Reason = reason,
            Correlation = correlation,
        });
        UpdateGateway(now);
    }

    private void Install(RouterEndpoint endpoint, string? id, IpPrefix[] prefixes)
    {
        endpoint.Id = id;
        foreach (var gone in endpoint.Prefixes.Except(prefixes))
        {
            Routes.Remove(gone, endpoint);
            _output.RemoveRoute(gone);
        }

        foreach (var prefix in prefixes)
        {
            Routes.Set(prefix, endpoint);
            if (!endpoint.Prefixes.Contains(prefix))
            {
                _output.AddRoute(prefix);
            }
        }

        endpoint.Prefixes = prefixes;
    }

    private void UpdateGateway(in TunnelTime now)
    {
        var wanted = _endpoints.Values.Any(e => e.IsActive);
        if (wanted == HoldsGateway)
        {
            return;
        }

        HoldsGateway = wanted;
        if (wanted)
        {
            _output.ClaimGateway();
        }
        else
        {
            _output.ReleaseGateway();
        }

        Report(wanted ? StackEventNames.GatewayClaimed : StackEventNames.GatewayReleased, now, null, null, null);
    }

    private void ReportMove(RouterEndpoint endpoint, RouterTunnel? left, string reason, string? correlation, in TunnelTime now)
    {
        if (endpoint.Return == left)
        {
            return;
        }

        _output.Report(new StackEvent(StackEventNames.ReverseMoved, now.RealtimeNs)
        {
            Router = _settings.RouterId,
            Endpoint = endpoint.Id,
            Path = endpoint.Return?.Path,
            FromPath = left?.Path,
            ToPath = endpoint.Return?.Path,
            Reason = reason,
            Correlation = correlation,
        });
    }

    /// <summary>Sends again what may have been lost on the way to the endpoint.</summary>
    private void Replay(RouterEndpoint endpoint, string? correlation, in TunnelTime now)
    {
        if (endpoint.Return is { } tunnel && endpoint.Data.Replay(tunnel, _output, now) is > 0 and var replayed)
        {
            ReplayedPackets += replayed;
            Report(StackEventNames.DataReplayed, now, endpoint.Id, correlation, string.Create(CultureInfo.InvariantCulture, $"packets={replayed}"));
        }
    }

    private void Report(string name, in TunnelTime now, string? endpoint, string? correlation, string? detail) =>
        _output.Report(new StackEvent(name, now.RealtimeNs) { Router = _settings.RouterId, Endpoint = endpoint, Correlation = correlation, Detail = detail });

    /// <summary>There are keys towards a router now.</summary>
    public void OnPeerReady(in DatagramAddress address, in TunnelTime now)
    {
        _deactivations.Hasten(address, now.MonotonicNs);
        SendDeactivations(now);
    }

    /// <summary>In version 1 a router always speaks under its own tunnel id, in version 2 it answers under the keys of who asked.</summary>
    private void AcknowledgeDeactivation(RouterTunnel tunnel, ReadOnlySpan<byte> payload, in TunnelTime now, Span<byte> scratch)
    {
        if (tunnel.Channel.Version == SecureHeader.Version)
        {
            Send(tunnel, PacketType.DeactivationAck, payload, now, scratch);
        }
        else
        {
            _peers.Send(tunnel.Address, null, PacketType.DeactivationAck, payload, now);
        }
    }

    private void Send(RouterTunnel tunnel, PacketType type, ReadOnlySpan<byte> payload, in TunnelTime now, Span<byte> scratch)
    {
        if (TunnelHeader.Size + payload.Length > scratch.Length)
        {
            _refusals.Add(RefusalReason.BadContent);
            return;
        }

        var datagram = scratch[..(TunnelHeader.Size + payload.Length)];
        payload.CopyTo(datagram[TunnelHeader.Size..]);
        tunnel.Send(datagram, type, false, now, _output);
    }
}

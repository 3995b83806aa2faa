using System.Globalization;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// Carries a choice out: data moves at once, the router is told until it acknowledges, and every step is reported under one
/// correlation id that begins with the first sign of trouble on the active tunnel.
/// </summary>
internal sealed class EndpointSwitcher
{
    private const long FirstGapNs = 50_000_000;
    private const long LongestGapNs = 5_000_000_000;

    private readonly EndpointSettings _settings;
    private readonly EndpointTunnel[] _tunnels;
    private readonly IEndpointOutput _output;
    private readonly ActivationSender _activation = new();
    private readonly string[] _routesIPv4;
    private readonly string[] _routesIPv6;
    private string? _trouble;
    private uint _correlations;
    private long _acknowledgedNs;
    private bool _reportedSent;
    private bool _ready;

    public EndpointSwitcher(EndpointSettings settings, EndpointTunnel[] tunnels, IEndpointOutput output)
    {
        _settings = settings;
        _tunnels = tunnels;
        _output = output;
        _routesIPv4 = [.. settings.Prefixes.Where(p => !p.IsIPv6).Select(p => p.ToString())];
        _routesIPv6 = [.. settings.Prefixes.Where(p => p.IsIPv6).Select(p => p.ToString())];
    }

    public int Active { get; private set; } = -1;

    public long LastSwitchNs { get; private set; }

    /// <summary>Number of the newest activation; 0 before the first.</summary>
    public uint Number { get; private set; }

    public long DueNs => _activation.DueNs;

    public void ReportHealth(EndpointTunnel tunnel, in TunnelTime now)
    {
        var monitor = tunnel.Monitor;
        var isActive = tunnel.Index == Active;
        if (isActive)
        {
            _trouble = monitor.Health == PathHealth.Alive ? null : _trouble ?? NextCorrelation();
        }

        var name = monitor.Health switch
        {
            PathHealth.Alive => StackEventNames.PathRecovered,
            PathHealth.Degraded => StackEventNames.PathDegraded,
            PathHealth.Suspect => StackEventNames.PathSuspect,
            _ => StackEventNames.PathDead,
        };
        _output.Report(new StackEvent(name, now.RealtimeNs)
        {
            Path = _settings.Paths[tunnel.Path],
            Router = _settings.Routers[tunnel.Router].RouterId,
            Reason = monitor.Reason,
            Correlation = isActive ? _trouble : null,
            Detail = string.Create(CultureInfo.InvariantCulture, $"rtt={monitor.RttNs / 1e6:0.0}ms jitter={monitor.JitterNs / 1e6:0.0}ms loss={monitor.Loss * 100:0.0}%"),
        });
    }

    /// <summary>A tunnel has new keys.</summary>
    public void ReportKeys(EndpointTunnel tunnel, in TunnelTime now) =>
        _output.Report(Describe(StackEventNames.KeysAgreed, null, tunnel, null, now) with { Detail = tunnel.Channel.Agreement });

    public void Switch(TunnelChoice choice, in TunnelTime now)
    {
        var from = Active < 0 ? null : _tunnels[Active];
        var to = _tunnels[choice.Tunnel];
        var correlation = _trouble ?? NextCorrelation();
        _trouble = null;
        (Active, LastSwitchNs) = (choice.Tunnel, now.MonotonicNs);
        _output.Report(Describe(StackEventNames.SwitchDecided, from, to, correlation, now) with { Reason = choice.Reason });
        Activate(from, to, correlation, now);
    }

    /// <summary>Packets were sent again over the active tunnel.</summary>
    public void ReportReplay(int packets, in TunnelTime now) =>
        _output.Report(Describe(StackEventNames.DataReplayed, null, _tunnels[Active], _activation.Pending?.Correlation, now) with
        {
            Detail = string.Create(CultureInfo.InvariantCulture, $"packets={packets}"),
        });

    /// <summary>Flows take other paths.</summary>
    public void ReportFlows(int buckets, in TunnelTime now) =>
        _output.Report(Describe(StackEventNames.FlowsMoved, null, _tunnels[Active], null, now) with
        {
            Detail = string.Create(CultureInfo.InvariantCulture, $"share={(double)buckets / FlowSpreader.Buckets:0.00}"),
        });

    /// <summary>
    /// A router's keepalive tells what it knows of us. One that began a new run needs the routes, and the activation if it is the active one. One that answers what
    /// was sent after them and still does not have them has lost them, or has forgotten us in a long silence: it is told again.
    /// </summary>
    public void OnRouterHeard(EndpointTunnel tunnel, in KeepalivePayload peer, in TunnelTime now, Span<byte> scratch)
    {
        var isNew = peer.Session != tunnel.RouterSession;
        var isLost = !peer.HasRoutes && peer.EchoNs > tunnel.AdvertisedNs && now.MonotonicNs - tunnel.AdvertisedNs >= tunnel.AdvertiseGapNs;
        if (isNew || isLost)
        {
            // A router of before this flag never says that it has them.
            tunnel.AdvertiseGapNs = isNew ? FirstGapNs : Math.Min(tunnel.AdvertiseGapNs * 2, LongestGapNs);
            tunnel.RouterSession = peer.Session;
            tunnel.AdvertisedNs = now.MonotonicNs;
            Advertise(tunnel, now, scratch);
        }

        var isForgotten = peer.EchoNs > _acknowledgedNs && (!peer.IsActiveRouter || peer.ActivationNumber < Number);
        if (tunnel.Index == Active && _activation.Pending is null && (isNew || isForgotten))
        {
            Activate(tunnel, tunnel, NextCorrelation(), now);
            SendPending(now, scratch);
        }
    }

    private void Advertise(EndpointTunnel tunnel, in TunnelTime now, Span<byte> scratch)
    {
        var advertisement = new RouteAdvertisement
        {
            EndpointId = _settings.EndpointId,
            RoutesIPv4 = _routesIPv4,
            RoutesIPv6 = _routesIPv6,
            Path = _settings.Paths[tunnel.Path],
            RouterId = _settings.Routers[tunnel.Router].RouterId,
            Session = _settings.Session,
        };
        Send(tunnel, PacketType.RouteAdvertisement, ControlJson.Write(advertisement, ControlJson.Default.RouteAdvertisement), now, scratch);
    }

    public void SendPending(in TunnelTime now, Span<byte> scratch)
    {
        if (_activation.Pending is not { } message || now.MonotonicNs < _activation.DueNs)
        {
            return;
        }

        var tunnel = _tunnels[_activation.Tunnel];
        Send(tunnel, PacketType.EndpointActivation, ControlJson.Write(message, ControlJson.Default.ActivationMessage), now, scratch);
        _activation.Sent(now.MonotonicNs);
        if (!_reportedSent)
        {
            _reportedSent = true;
            _output.Report(Describe(StackEventNames.ActivationSent, null, tunnel, message.Correlation, now));
        }
    }

    public void OnAcknowledged(int tunnel, string correlation, in TunnelTime now)
    {
        var pending = _activation.Pending;
        if (!_activation.Acknowledge(tunnel, correlation))
        {
            return;
        }

        _acknowledgedNs = now.MonotonicNs;
        _output.Report(Describe(StackEventNames.ActivationAcknowledged, null, _tunnels[tunnel], pending?.Correlation, now));
        if (!_ready)
        {
            _ready = true;
            _output.Report(Describe(StackEventNames.Ready, null, _tunnels[tunnel], null, now));
        }
    }

    private void Activate(EndpointTunnel? from, EndpointTunnel to, string correlation, in TunnelTime now)
    {
        Number++;
        _reportedSent = false;
        var previous = from is null ? null : _settings.Routers[from.Router];
        var message = new ActivationMessage
        {
            EndpointId = _settings.EndpointId,
            RoutesIPv4 = _routesIPv4,
            RoutesIPv6 = _routesIPv6,
            PreviousRouterId = previous?.RouterId,
            PreviousRouterIp = previous?.Address,
            Active = true,
            Timestamp = now.RealtimeNs / 1e9,
            RouterId = _settings.Routers[to.Router].RouterId,
            Number = Number,
            Session = _settings.Session,
            Path = _settings.Paths[to.Path],
            Correlation = correlation,
        };
        _activation.Begin(message, to.Index, now.MonotonicNs);
    }

    private void Send(EndpointTunnel tunnel, PacketType type, byte[] payload, in TunnelTime now, Span<byte> scratch)
    {
        var datagram = scratch[..(TunnelHeader.Size + payload.Length)];
        payload.CopyTo(datagram[TunnelHeader.Size..]);
        tunnel.Send(datagram, type, false, now, _output);
    }

    private StackEvent Describe(string name, EndpointTunnel? from, EndpointTunnel to, string? correlation, in TunnelTime now) => new(name, now.RealtimeNs)
    {
        Path = _settings.Paths[to.Path],
        Router = _settings.Routers[to.Router].RouterId,
        FromPath = from is null ? null : _settings.Paths[from.Path],
        ToPath = from is null ? null : _settings.Paths[to.Path],
        FromRouter = from is null ? null : _settings.Routers[from.Router].RouterId,
        ToRouter = from is null ? null : _settings.Routers[to.Router].RouterId,
        Endpoint = _settings.EndpointId,
        Correlation = correlation,
    };

    /// <summary>The run is part of it: logs of several runs may stand one behind the other.</summary>
    private string NextCorrelation() => string.Create(CultureInfo.InvariantCulture, $"{_settings.EndpointId}-{(uint)(_settings.Session >> 32) ^ (uint)_settings.Session:x8}-{++_correlations}");
}

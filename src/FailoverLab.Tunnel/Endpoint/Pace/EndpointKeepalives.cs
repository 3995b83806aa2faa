using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>How often the endpoint sends keepalives on each of its tunnels, and what it says in them.</summary>
internal sealed class EndpointKeepalives
{
    private readonly EndpointSettings _settings;
    private readonly EndpointTunnel[] _tunnels;
    private readonly KeepalivePacer _pacer;
    private readonly EndpointSwitcher _switcher;
    private readonly EndpointData _data;
    private readonly StallGuard _stall;
    private readonly IEndpointOutput _output;
    private readonly long _probationNs;

    public EndpointKeepalives(EndpointSettings settings, EndpointTunnel[] tunnels, KeepalivePacer pacer, EndpointSwitcher switcher, EndpointData data, StallGuard stall, IEndpointOutput output)
    {
        _settings = settings;
        _tunnels = tunnels;
        _pacer = pacer;
        _switcher = switcher;
        _data = data;
        _stall = stall;
        _output = output;
        _probationNs = Math.Max(settings.HoldTime.Ticks * 100, settings.Timers.KeepaliveNs * 50);
    }

    /// <summary>What carries data is watched closely; everything is while anything is wrong with it.</summary>
    public void SetPaces(in TunnelTime now)
    {
        var active = _switcher.Active;
        var isWrong = active < 0 || _tunnels[active].Monitor.Health != PathHealth.Alive;
        var isIdle = _pacer.IsIdle(now.MonotonicNs);
        foreach (var tunnel in _tunnels)
        {
            var isQuick = isWrong || IsOnProbation(tunnel, now.MonotonicNs) || (!isIdle && _data.Carries(tunnel, active));
            var interval = _pacer.Set(tunnel.Index, isQuick, now.MonotonicNs);
            tunnel.Monitor.UseInterval(interval, now.MonotonicNs);
        }
    }

    /// <summary>Whether a path must prove itself before anything returns to it: seen seldom, a lossy one would look clean.</summary>
    private bool IsOnProbation(EndpointTunnel tunnel, long nowNs) =>
        tunnel.Monitor.Health is PathHealth.Degraded or PathHealth.Suspect || (tunnel.Monitor.Health == PathHealth.Alive && nowNs - tunnel.Monitor.AliveSinceNs < _probationNs);

    /// <summary>Sends one on a tunnel that has keys.</summary>
    /// <param name="tunnel">Which.</param>
    /// <param name="now">Both clocks.</param>
    /// <param name="scratch">Where it is written.</param>
    /// <returns>Whether there was a way, as far as is known.</returns>
    public bool Send(EndpointTunnel tunnel, in TunnelTime now, byte[] scratch)
    {
        var size = _data.Mode == DataMode.Replay ? KeepalivePayload.SizeWithAck : KeepalivePayload.Size;
        var datagram = scratch.AsSpan(0, TunnelHeader.Size + size);
        new KeepalivePayload(
            KeepaliveRole.Endpoint,
            _switcher.Active >= 0 && _tunnels[_switcher.Active].Router == tunnel.Router,
            _settings.Session,
            tunnel.RouterSession,
            now.MonotonicNs,
            tunnel.EchoNs,
            tunnel.EchoNs == 0 ? 0 : now.MonotonicNs - tunnel.EchoReceivedNs,
            (uint)(_pacer.AnnouncedNs(tunnel.Index) / 1000),
            tunnel.Channel.Received,
            tunnel.Channel.HighestReceived,
            (uint)(tunnel.Monitor.InboundJitterNs / 1000),
            _switcher.Number)
        {
            TakesNumbers = true,
            Pause = _stall.Told(now.MonotonicNs),
            Router = tunnel.RouterTag,
            Mode = _data.Mode,
            Ack = _data.AckOf(tunnel.Router),
        }.Write(datagram[TunnelHeader.Size..]);
        return !tunnel.Channel.IsReady || tunnel.Send(datagram, PacketType.Keepalive, false, now, _output);
    }
}

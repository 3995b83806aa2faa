using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// The router's way to other routers, under its own tunnel id. Version 1 needs nothing beforehand; with version 2 a handshake with each
/// is begun by the first message to it, and forgotten when nothing was said for a minute.
/// </summary>
internal sealed class RouterPeers
{
    private const long IdleNs = 60_000_000_000;
    private const int MostPeers = 256;

    private readonly RouterSettings _settings;
    private readonly RouterKeys _keys;
    private readonly RefusalCounters _refusals;
    private readonly IRouterOutput _output;
    private readonly TunnelChannel? _plain;
    private readonly Dictionary<DatagramAddress, (InitiatorChannel Channel, long UsedNs)> _channels = [];
    private readonly byte[] _frame = new byte[2048];
    private readonly byte[] _room = new byte[2048];

    public RouterPeers(RouterSettings settings, RouterKeys keys, RefusalCounters refusals, IRouterOutput output, in TunnelTime now)
    {
        _settings = settings;
        _keys = keys;
        _refusals = refusals;
        _output = output;
        _plain = keys.Seal is { } seal ? new TunnelChannel(settings.TunnelId, seal, refusals, now.StampMs) : null;
    }

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public long DueNs => _channels.Count == 0 ? long.MaxValue : _channels.Values.Min(c => Math.Min(c.Channel.DueNs, c.UsedNs + IdleNs));

    /// <summary>Sends a message.</summary>
    /// <param name="destination">The router's address.</param>
    /// <param name="routerId">Its id, for keys of version 2; <see langword="null"/> answers one that spoke version 1, whatever we speak by ourselves.</param>
    /// <param name="type">What the payload is.</param>
    /// <param name="payload">At most 2,016 bytes.</param>
    /// <param name="now">Both clocks.</param>
    /// <returns>Whether it left; when not, keys are being agreed on and it should be sent again.</returns>
    public bool Send(in DatagramAddress destination, string? routerId, PacketType type, ReadOnlySpan<byte> payload, in TunnelTime now)
    {
        if (TunnelHeader.Size + payload.Length > _frame.Length)
        {
            _refusals.Add(RefusalReason.BadContent);
            return false;
        }

        var frame = _frame.AsSpan(0, TunnelHeader.Size + payload.Length);
        payload.CopyTo(frame[TunnelHeader.Size..]);
        ITunnelChannel? found = routerId is null || _settings.Version == TunnelHeader.Version ? _plain : Open(destination, routerId, now);
        if (found is not { } channel)
        {
            return false;
        }

        Drive(channel, destination, now);
        var datagram = channel.Seal(frame, type, false, now, _room);
        if (datagram.IsEmpty)
        {
            return false;
        }

        _output.SendDatagram(datagram, destination);
        return true;
    }

    /// <summary>Takes a version 2 datagram with our own tunnel id: the answer of a router we spoke to, or our own thrown back.</summary>
    /// <param name="datagram">Decrypted in place.</param>
    /// <param name="source">Where from; another address than that we spoke to is refused.</param>
    /// <param name="now">Both clocks.</param>
    /// <param name="type">What the payload is.</param>
    /// <param name="isReady">Whether there are keys towards this router from now on, and were none before.</param>
    /// <returns>Whether there is a payload to take.</returns>
    public bool TryAccept(Span<byte> datagram, in DatagramAddress source, in TunnelTime now, out PacketType type, out bool isReady)
    {
        (type, isReady) = (default, false);
        if (!_channels.TryGetValue(source, out var peer))
        {
            _refusals.Add(RefusalReason.Reflected);
            return false;
        }

        var wasReady = peer.Channel.IsReady;
        if (peer.Channel.TryAccept(datagram, now, out var header))
        {
            type = (PacketType)header.Type;
            return true;
        }

        Drive(peer.Channel, source, now);
        isReady = !wasReady && peer.Channel.IsReady;
        return false;
    }

    public void Advance(in TunnelTime now)
    {
        foreach (var (address, (channel, usedNs)) in _channels)
        {
            if (now.MonotonicNs - usedNs >= IdleNs)
            {
                channel.Dispose();
                _channels.Remove(address);
            }
            else
            {
                Drive(channel, address, now);
            }
        }
    }

    private InitiatorChannel? Open(in DatagramAddress destination, string routerId, in TunnelTime now)
    {
        if (_channels.TryGetValue(destination, out var known))
        {
            _channels[destination] = (known.Channel, now.MonotonicNs);
            return known.Channel;
        }

        if (_channels.Count >= MostPeers || _keys.Towards(routerId) is not { } key)
        {
            return null;
        }

        var channel = new InitiatorChannel(_settings.TunnelId, key, _refusals, _keys.Guard, _settings.Session, now);
        _channels.Add(destination, (channel, now.MonotonicNs));
        return channel;
    }

    private void Drive(ITunnelChannel channel, in DatagramAddress destination, in TunnelTime now)
    {
        while (channel.DueNs <= now.MonotonicNs && channel.WriteDue(_room, now) is > 0 and var length)
        {
            _output.SendDatagram(_room.AsSpan(0, length), destination);
        }
    }
}

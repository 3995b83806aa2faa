using FailoverLab.Packets;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel;

/// <summary>
/// The asking side of a version 2 tunnel: the endpoint's, or that of a router towards another. It keeps itself in keys: a handshake at
/// the start, every 120 s, and when the peer falls silent.
/// </summary>
public sealed class InitiatorChannel : ITunnelChannel, IDisposable
{
    private const long UnheardNs = 5_000_000_000;

    private readonly KeyRing _keys;
    private readonly HandshakeInitiator _handshake;
    private readonly RefusalCounters _refusals;
    private byte _newestEpoch;
    private bool _mustConfirm;

    /// <summary>Begins without keys; the first HELLO is due at once.</summary>
    /// <param name="tunnelId">The header's tunnel id.</param>
    /// <param name="key">Pre-shared key and responder; the channel does not dispose of it.</param>
    /// <param name="refusals">Where refusals are counted.</param>
    /// <param name="guard">Shared by the tunnels of one loop.</param>
    /// <param name="seed">Decides the random part of retries and the first epoch; no secret depends on it.</param>
    /// <param name="now">Start time.</param>
    public InitiatorChannel(uint tunnelId, PeerKey key, RefusalCounters refusals, ForgeryGuard guard, ulong seed, in TunnelTime now)
        : this(tunnelId, key, refusals, guard, seed, now, CipherChoice.Offered)
    {
    }

    internal InitiatorChannel(uint tunnelId, PeerKey key, RefusalCounters refusals, ForgeryGuard guard, ulong seed, in TunnelTime now, CipherSuites offer)
    {
        TunnelId = tunnelId;
        _refusals = refusals;
        _keys = new KeyRing(tunnelId, refusals, guard);
        var random = new SeededRandom(seed).Split($"tunnel {tunnelId}");
        _newestEpoch = (byte)random.Next(256);
        _handshake = new HandshakeInitiator(tunnelId, key, offer, random);
        _handshake.Begin(now.MonotonicNs);
    }

    /// <inheritdoc/>
    public uint TunnelId { get; }

    /// <inheritdoc/>
    public int Version => SecureHeader.Version;

    /// <inheritdoc/>
    public bool IsReady => _keys.Current is not null;

    /// <inheritdoc/>
    public uint Received => _keys.Received;

    /// <inheritdoc/>
    public uint HighestReceived => _keys.HighestReceived;

    /// <inheritdoc/>
    public long DueNs => _mustConfirm ? 0 : Math.Min(Math.Min(_handshake.DueNs, WantedNs), _keys.NextExpiryNs);

    /// <inheritdoc/>
    public string? Agreement => _keys.Current?.Agreement;

    /// <summary>When a handshake must begin; <see cref="long.MaxValue"/> while one runs.</summary>
    private long WantedNs => _handshake.IsRunning ? long.MaxValue
        : _keys.Current is not { } keys || keys.NextCounter >= SecureLimits.RekeyAfterMessages ? 0
        : keys.FirstHeardNs == long.MaxValue ? keys.CreatedNs + UnheardNs
        : keys.CreatedNs + SecureLimits.RekeyAfterNs;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Seal(Span<byte> frame, PacketType type, bool isIPv6, in TunnelTime now, Span<byte> room) =>
        _keys.Seal(frame[TunnelHeader.Size..], type, isIPv6, now, room);

    /// <inheritdoc/>
    public bool TryAccept(Span<byte> datagram, in TunnelTime now, out TunnelHeader header)
    {
        if (datagram.Length >= HandshakeLayout.CookieReplySize && datagram[0] == SecureHeader.Version && datagram[1] is HandshakeLayout.ReplyType or HandshakeLayout.CookieType)
        {
            header = default;
            if (TakeHandshake(datagram, now) is { } refusal)
            {
                _refusals.Add(refusal);
            }

            return false;
        }

        return _keys.TryOpen(datagram, now, out header);
    }

    /// <inheritdoc/>
    public int WriteDue(Span<byte> buffer, in TunnelTime now)
    {
        _keys.Expire(now.MonotonicNs);
        if (_mustConfirm)
        {
            _mustConfirm = false;
            if (_keys.Current is { NextCounter: 0 })
            {
                return _keys.Seal([], PacketType.Keepalive, false, now, buffer).Length;
            }
        }

        if (now.MonotonicNs >= WantedNs)
        {
            _handshake.Begin(now.MonotonicNs);
        }

        return now.MonotonicNs >= _handshake.DueNs ? _handshake.WriteHello(buffer, now, _newestEpoch) : 0;
    }

    /// <inheritdoc/>
    public void OnSilence(in TunnelTime now) => _handshake.Begin(now.MonotonicNs);

    /// <inheritdoc/>
    public void Hasten(in TunnelTime now) => _handshake.Hasten(now.MonotonicNs);

    /// <inheritdoc/>
    public bool TryUnseal(Span<byte> datagram) => _keys.TryUnseal(datagram);

    /// <inheritdoc/>
    public void Dispose()
    {
        _handshake.Dispose();
        _keys.Dispose();
    }

    private RefusalReason? TakeHandshake(ReadOnlySpan<byte> datagram, in TunnelTime now)
    {
        if (!HandshakeLayout.IsFor(TunnelId, datagram))
        {
            return RefusalReason.WrongTunnel;
        }

        if (datagram[1] == HandshakeLayout.CookieType)
        {
            return _handshake.TakeCookie(datagram, now.MonotonicNs);
        }

        if (_handshake.TakeReply(datagram, now.MonotonicNs, out var refusal) is not { } keys)
        {
            return refusal;
        }

        _keys.Install(keys);
        (_newestEpoch, _mustConfirm) = (keys.Number, true);
        return null;
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using FailoverLab.Dataplane;

namespace FailoverLab.Tunnel;

/// <summary>
/// The answering side of all version 2 tunnels of a router. Strangers get no answer and no memory: a HELLO's MAC is checked first. A
/// HELLO whose freshness is not known (the tunnel is new to this run, or its timestamp is not the greatest) and every HELLO under
/// load must come again with a cookie; only then is a key computed and a tunnel remembered. Not thread-safe.
/// </summary>
public sealed class HandshakeResponder : IDisposable
{
    private readonly PeerKeys _keys;
    private readonly int _maxTunnels;
    private readonly RefusalCounters _refusals;
    private readonly ForgeryGuard _guard;
    private readonly CipherSuites _offer;
    private readonly CookieJar _cookies;
    private readonly Dictionary<uint, ResponderChannel> _channels = [];
    private readonly RateTable<(ulong, ulong)> _sources = new(SecureLimits.Sources, SecureLimits.PerSourceRate, SecureLimits.PerSourceBurst);
    private readonly RateTable<uint> _peers = new(SecureLimits.Sources, SecureLimits.PerPeerRate, SecureLimits.PerPeerBurst);
    private long _stampNs;
    private TokenBucket _calm = TokenBucket.Full(SecureLimits.LoadBurst);
    private TokenBucket _total = TokenBucket.Full(SecureLimits.TotalRate);

    /// <summary>Begins without tunnels.</summary>
    /// <param name="keys">Pre-shared keys; the responder does not dispose of them.</param>
    /// <param name="maxTunnels">Most tunnels remembered; those of peers with an own key come on top.</param>
    /// <param name="refusals">Where refusals are counted.</param>
    /// <param name="guard">Shared by the tunnels of one loop.</param>
    /// <param name="now">Start time.</param>
    public HandshakeResponder(PeerKeys keys, int maxTunnels, RefusalCounters refusals, ForgeryGuard guard, in TunnelTime now)
        : this(keys, maxTunnels, refusals, guard, now, CipherChoice.Offered)
    {
    }

    internal HandshakeResponder(PeerKeys keys, int maxTunnels, RefusalCounters refusals, ForgeryGuard guard, in TunnelTime now, CipherSuites offer)
    {
        _keys = keys;
        _maxTunnels = maxTunnels;
        _refusals = refusals;
        _guard = guard;
        _offer = offer;
        _cookies = new CookieJar(now.MonotonicNs);
    }

    /// <summary>Tunnels remembered.</summary>
    public int Count => _channels.Count;

    /// <summary>Handshakes computed.</summary>
    public long Computed { get; private set; }

    /// <summary>Sources whose rate is remembered.</summary>
    internal int Sources => _sources.Count;

    /// <summary>Whether a datagram is for <see cref="Answer"/>.</summary>
    public static bool IsHello(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= 2 && datagram[0] == SecureHeader.Version && datagram[1] == HandshakeLayout.HelloType;

    /// <summary>The tunnel's state; <see langword="null"/> when it has none.</summary>
    public ResponderChannel? Find(uint tunnelId) => _channels.GetValueOrDefault(tunnelId);

    /// <summary>Answers a HELLO, or not.</summary>
    /// <param name="hello">The datagram.</param>
    /// <param name="source">Where from.</param>
    /// <param name="now">Both clocks.</param>
    /// <param name="answer">At least 128 bytes; takes what to send to the source.</param>
    /// <returns>Length of the answer, never more than the HELLO's; 0 for none.</returns>
    public int Answer(ReadOnlySpan<byte> hello, in DatagramAddress source, in TunnelTime now, Span<byte> answer)
    {
        if (hello.Length != HandshakeLayout.HelloSize || (hello[HandshakeLayout.Suites] & ~(int)(CipherSuites.AesGcm | CipherSuites.ChaCha20Poly1305)) != 0)
        {
            return Refuse(RefusalReason.Malformed);
        }

        var tunnelId = BinaryPrimitives.ReadUInt32BigEndian(hello[HandshakeLayout.TunnelId..]);
        var key = _keys.Find(tunnelId, out var isOwn);
        if (!key.VerifyMac(hello))
        {
            return Refuse(RefusalReason.BadTag);
        }

        var channel = Find(tunnelId);
        var timestampNs = BinaryPrimitives.ReadInt64BigEndian(hello[HandshakeLayout.HelloTimestamp..]);
        if (channel?.GreatestTimestampNs == timestampNs)
        {
            return Refuse(RefusalReason.StaleHandshake);
        }

        var isNewest = channel is not null && timestampNs > channel.GreatestTimestampNs;
        var isProven = _cookies.Verify(hello.Slice(HandshakeLayout.HelloCookie, HandshakeLayout.CookieSize), source, tunnelId, channel?.Handshakes ?? 0, now.MonotonicNs);
        if (channel is not null && (isNewest || isProven) && channel.HasAnswered(Nonce(hello)))
        {
            channel.Saw(timestampNs);
            return Repeat(channel, answer);
        }

        if (!isProven && (!isNewest || !_calm.Has(now.MonotonicNs, SecureLimits.LoadRate, SecureLimits.LoadBurst)))
        {
            return DemandCookie(hello, key, tunnelId, channel?.Handshakes ?? 0, source, now.MonotonicNs, answer);
        }

        var isKnown = isOwn || channel?.IsReady == true;
        if (IsLimited(tunnelId, isKnown, source, now.MonotonicNs))
        {
            return Refuse(RefusalReason.HandshakeLimited);
        }

        return channel is null && !isOwn && _channels.Count >= _maxTunnels
            ? Refuse(RefusalReason.TableFull)
            : Compute(hello, key, tunnelId, timestampNs, channel, now, answer);
    }

    /// <summary>Forgets keys that are too old, and tunnels that have none and whose cookies are void. Call it about every second.</summary>
    public void Sweep(in TunnelTime now)
    {
        foreach (var (id, channel) in _channels)
        {
            channel.Expire(now.MonotonicNs);
            if (channel.IsForgettable(now.MonotonicNs))
            {
                channel.Dispose();
                _channels.Remove(id);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Dispose();
        }

        _cookies.Dispose();
    }

    private static ReadOnlySpan<byte> Nonce(ReadOnlySpan<byte> hello) => hello.Slice(HandshakeLayout.HelloNonce, HandshakeLayout.NonceSize);

    /// <summary>The reply to an earlier HELLO of the same attempt was lost or is on its way, or the attempt is over already.</summary>
    private int Repeat(ResponderChannel channel, Span<byte> answer)
    {
        if (channel.PendingReply.IsEmpty)
        {
            return Refuse(RefusalReason.StaleHandshake);
        }

        channel.PendingReply.CopyTo(answer);
        return channel.PendingReply.Length;
    }

    private int DemandCookie(ReadOnlySpan<byte> hello, PeerKey key, uint tunnelId, ulong handshakes, in DatagramAddress source, long nowNs, Span<byte> answer)
    {
        var cookie = answer[..HandshakeLayout.CookieReplySize];
        cookie[0] = SecureHeader.Version;
        cookie[1] = HandshakeLayout.CookieType;
        cookie[HandshakeLayout.Suites] = 0;
        cookie[HandshakeLayout.Epoch] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(cookie[HandshakeLayout.TunnelId..], tunnelId);
        hello[^HandshakeLayout.MacSize..].CopyTo(cookie[HandshakeLayout.CookieEcho..]);
        _cookies.Write(cookie.Slice(HandshakeLayout.CookieValue, HandshakeLayout.CookieSize), source, tunnelId, handshakes, nowNs);
        key.WriteMac(cookie);
        _refusals.Add(RefusalReason.CookieDemanded);
        return cookie.Length;
    }

    /// <summary>
    /// The source's share first, so that no source uses up another's; then the peer's. Only strangers with the common key share the
    /// total: a peer with an own key, or with keys already, is not kept out by them.
    /// </summary>
    private bool IsLimited(uint tunnelId, bool isKnown, in DatagramAddress source, long nowNs)
    {
        var network = source.IsIPv4 ? (source.High, source.Low) : (source.High, 0UL);
        _calm.TryTake(nowNs, SecureLimits.LoadRate, SecureLimits.LoadBurst);
        return !_sources.TryTake(network, nowNs)
            || !_peers.TryTake(tunnelId / EndpointSettings.MaxTunnels, nowNs)
            || (!isKnown && !_total.TryTake(nowNs, SecureLimits.TotalRate, SecureLimits.TotalRate));
    }

    private int Compute(ReadOnlySpan<byte> hello, PeerKey key, uint tunnelId, long timestampNs, ResponderChannel? channel, in TunnelTime now, Span<byte> answer)
    {
        var suite = CipherChoice.Choose(_offer, (CipherSuites)hello[HandshakeLayout.Suites]);
        if (suite == CipherSuites.None)
        {
            return Refuse(RefusalReason.BadContent);
        }

        Computed++;
        using var ephemeral = new EphemeralKey();
        if (ephemeral.Agree(hello.Slice(HandshakeLayout.HelloPoint, HandshakeLayout.PointSize)) is not { } shared)
        {
            return Refuse(RefusalReason.BadContent);
        }

        channel ??= _channels[tunnelId] = new ResponderChannel(tunnelId, _refusals, _guard);
        var context = new HandshakeContext(key, tunnelId, suite, channel.FreeEpochAfter(hello[HandshakeLayout.Epoch]));
        var reply = answer[..HandshakeLayout.ReplySize];
        reply[0] = SecureHeader.Version;
        reply[1] = HandshakeLayout.ReplyType;
        reply[HandshakeLayout.Suites] = (byte)suite;
        reply[HandshakeLayout.Epoch] = context.Epoch;
        BinaryPrimitives.WriteUInt32BigEndian(reply[HandshakeLayout.TunnelId..], tunnelId);
        RandomNumberGenerator.Fill(reply.Slice(HandshakeLayout.ReplyNonce, HandshakeLayout.NonceSize));
        ephemeral.Point.CopyTo(reply[HandshakeLayout.ReplyPoint..]);
        var (inbound, outbound) = KeySchedule.Derive(context, shared, hello, reply, reply.Slice(HandshakeLayout.ReplyConfirmation, HandshakeLayout.MacSize));
        key.WriteMac(reply, Nonce(hello));
        channel.Saw(timestampNs);
        _stampNs = Math.Max(now.RealtimeNs, _stampNs + 1_000_000);
        channel.Offer(new KeyEpoch(context, outbound, inbound, now.MonotonicNs, _stampNs), Nonce(hello), reply, now.MonotonicNs);
        return reply.Length;
    }

    private int Refuse(RefusalReason reason)
    {
        _refusals.Add(reason);
        return 0;
    }
}

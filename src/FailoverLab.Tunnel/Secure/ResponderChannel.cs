using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>The answering side of a version 2 tunnel; <see cref="HandshakeResponder"/> makes it and gives it keys.</summary>
public sealed class ResponderChannel : ITunnelChannel, IDisposable
{
    private readonly KeyRing _keys;
    private readonly byte[] _nonce = new byte[HandshakeLayout.NonceSize];
    private readonly byte[] _reply = new byte[HandshakeLayout.ReplySize];

    private long _lastHandshakeNs;

    internal ResponderChannel(uint tunnelId, RefusalCounters refusals, ForgeryGuard guard)
    {
        TunnelId = tunnelId;
        _keys = new KeyRing(tunnelId, refusals, guard);
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

    /// <summary>Nothing is sent but on request.</summary>
    public long DueNs => long.MaxValue;

    /// <inheritdoc/>
    public string? Agreement => _keys.Current?.Agreement;

    /// <summary>Greatest timestamp of a HELLO that was taken.</summary>
    internal long GreatestTimestampNs { get; private set; } = long.MinValue;

    /// <summary>How many handshakes were taken; a cookie serves one.</summary>
    internal ulong Handshakes { get; private set; }

    /// <summary>The reply that the initiator has not confirmed yet; empty when there is none.</summary>
    internal ReadOnlySpan<byte> PendingReply => _keys.HasNext ? _reply : [];

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Seal(Span<byte> frame, PacketType type, bool isIPv6, in TunnelTime now, Span<byte> room) =>
        _keys.Seal(frame[TunnelHeader.Size..], type, isIPv6, now, room);

    /// <inheritdoc/>
    public bool TryAccept(Span<byte> datagram, in TunnelTime now, out TunnelHeader header) => _keys.TryOpen(datagram, now, out header);

    /// <inheritdoc/>
    public int WriteDue(Span<byte> buffer, in TunnelTime now) => 0;

    /// <summary>Asking for keys is the initiator's part.</summary>
    public void OnSilence(in TunnelTime now)
    {
    }

    /// <summary>Asking for keys is the initiator's part.</summary>
    public void Hasten(in TunnelTime now)
    {
    }

    /// <inheritdoc/>
    public bool TryUnseal(Span<byte> datagram) => _keys.TryUnseal(datagram);

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    internal byte FreeEpochAfter(byte newest) => _keys.FreeEpochAfter(newest);

    internal void Expire(long nowNs) => _keys.Expire(nowNs);

    /// <summary>Whether a HELLO of this attempt was the last that was taken.</summary>
    internal bool HasAnswered(ReadOnlySpan<byte> nonce) => nonce.SequenceEqual(_nonce);

    /// <summary>Whether nothing is lost by forgetting the tunnel: it has no keys, and no cookie for an earlier number of handshakes is valid any more.</summary>
    internal bool IsForgettable(long nowNs) => _keys.Current is null && !_keys.HasNext && nowNs - _lastHandshakeNs > 2 * SecureLimits.CookieSecretNs;

    internal void Saw(long timestampNs) => GreatestTimestampNs = Math.Max(GreatestTimestampNs, timestampNs);

    internal void Offer(KeyEpoch keys, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> reply, long nowNs)
    {
        _lastHandshakeNs = nowNs;
        nonce.CopyTo(_nonce);
        reply.CopyTo(_reply);
        Handshakes++;
        _keys.Offer(keys);
    }
}

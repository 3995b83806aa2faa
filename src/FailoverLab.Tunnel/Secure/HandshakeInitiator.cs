using System.Buffers.Binary;
using System.Security.Cryptography;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel;

/// <summary>
/// The asking side of a handshake. An attempt keeps its nonce and ephemeral key over all its HELLOs, so that the answer to any of
/// them will do, however long the way.
/// </summary>
internal sealed class HandshakeInitiator : IDisposable
{
    private readonly uint _tunnelId;
    private readonly PeerKey _key;
    private readonly CipherSuites _offer;
    private readonly SeededRandom _jitter;
    private readonly byte[] _hello = new byte[HandshakeLayout.HelloSize];
    private EphemeralKey? _ephemeral;
    private long _attemptNs;
    private long _retryNs;
    private long _timestampNs;
    private long _sentNs;
    private bool _isHurried;

    public HandshakeInitiator(uint tunnelId, PeerKey key, CipherSuites offer, SeededRandom jitter)
    {
        _tunnelId = tunnelId;
        _key = key;
        _offer = offer;
        _jitter = jitter;
    }

    /// <summary>When the next HELLO is due, monotonic ns; <see cref="long.MaxValue"/> when none is wanted.</summary>
    public long DueNs { get; private set; } = long.MaxValue;

    public bool IsRunning => DueNs != long.MaxValue;

    /// <summary>Asks for keys until they come; nothing changes while it does so already.</summary>
    public void Begin(long nowNs)
    {
        if (!IsRunning)
        {
            (DueNs, _retryNs, _isHurried) = (nowNs, SecureLimits.FirstRetryNs, false);
        }
    }

    /// <summary>The next HELLO leaves now, unless one just did; the back-off begins anew.</summary>
    public void Hasten(long nowNs)
    {
        if (IsRunning)
        {
            (DueNs, _retryNs) = (Math.Clamp(nowNs, Math.Min(DueNs, _sentNs + SecureLimits.FirstRetryNs), DueNs), SecureLimits.FirstRetryNs);
        }
    }

    /// <summary>Writes a HELLO and plans the next.</summary>
    /// <param name="buffer">Takes 128 bytes.</param>
    /// <param name="now">Both clocks.</param>
    /// <param name="newestEpoch">The epoch of our newest keys.</param>
    public int WriteHello(Span<byte> buffer, in TunnelTime now, byte newestEpoch)
    {
        if (_ephemeral is null || now.MonotonicNs - _attemptNs >= SecureLimits.AttemptNs)
        {
            BeginAttempt(now.MonotonicNs);
        }

        // Later than every one before, even if the clock was set back.
        _timestampNs = Math.Max(now.RealtimeNs, _timestampNs + 1);
        _hello[0] = SecureHeader.Version;
        _hello[1] = HandshakeLayout.HelloType;
        _hello[HandshakeLayout.Suites] = (byte)_offer;
        _hello[HandshakeLayout.Epoch] = newestEpoch;
        BinaryPrimitives.WriteUInt32BigEndian(_hello.AsSpan(HandshakeLayout.TunnelId), _tunnelId);
        BinaryPrimitives.WriteInt64BigEndian(_hello.AsSpan(HandshakeLayout.HelloTimestamp), _timestampNs);
        _key.WriteMac(_hello);
        _hello.CopyTo(buffer);

        _sentNs = now.MonotonicNs;
        DueNs = now.MonotonicNs + _retryNs + (long)(_jitter.NextDouble() * _retryNs / 3);
        _retryNs = Math.Min(_retryNs * 2, SecureLimits.LongestRetryNs);
        return HandshakeLayout.HelloSize;
    }

    /// <summary>Takes a COOKIE that answers our last HELLO: the next HELLO holds it, and leaves at once the first time.</summary>
    /// <returns>The reason when it is refused.</returns>
    public RefusalReason? TakeCookie(ReadOnlySpan<byte> datagram, long nowNs)
    {
        if (datagram.Length != HandshakeLayout.CookieReplySize || datagram[HandshakeLayout.Suites] != 0 || datagram[HandshakeLayout.Epoch] != 0)
        {
            return RefusalReason.Malformed;
        }

        if (!IsRunning || !datagram.Slice(HandshakeLayout.CookieEcho, HandshakeLayout.MacSize).SequenceEqual(_hello.AsSpan(^HandshakeLayout.MacSize..)))
        {
            return RefusalReason.StaleHandshake;
        }

        if (!_key.VerifyMac(datagram))
        {
            return RefusalReason.BadTag;
        }

        datagram.Slice(HandshakeLayout.CookieValue, HandshakeLayout.CookieSize).CopyTo(_hello.AsSpan(HandshakeLayout.HelloCookie));
        DueNs = _isHurried ? DueNs : nowNs;
        _isHurried = true;
        return null;
    }

    /// <summary>Takes a HELLO_REPLY; the attempt is over when it gives keys.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="nowNs">Monotonic time.</param>
    /// <param name="refusal">The reason when it gives none.</param>
    public KeyEpoch? TakeReply(ReadOnlySpan<byte> datagram, long nowNs, out RefusalReason refusal)
    {
        refusal = RefusalReason.Malformed;
        if (datagram.Length != HandshakeLayout.ReplySize)
        {
            return null;
        }

        refusal = RefusalReason.StaleHandshake;
        if (_ephemeral is not { } ephemeral)
        {
            return null;
        }

        refusal = RefusalReason.BadTag;
        if (!_key.VerifyMac(datagram, _hello.AsSpan(HandshakeLayout.HelloNonce, HandshakeLayout.NonceSize)))
        {
            return null;
        }

        refusal = RefusalReason.BadContent;
        var suite = (CipherSuites)datagram[HandshakeLayout.Suites];
        if (CipherChoice.Choose(_offer, suite) != suite || suite == CipherSuites.None || ephemeral.Agree(datagram.Slice(HandshakeLayout.ReplyPoint, HandshakeLayout.PointSize)) is not { } shared)
        {
            return null;
        }

        var context = new HandshakeContext(_key, _tunnelId, suite, datagram[HandshakeLayout.Epoch]);
        Span<byte> confirmation = stackalloc byte[HandshakeLayout.MacSize];
        var (outbound, inbound) = KeySchedule.Derive(context, shared, _hello, datagram, confirmation);
        if (!CryptographicOperations.FixedTimeEquals(confirmation, datagram.Slice(HandshakeLayout.ReplyConfirmation, HandshakeLayout.MacSize)))
        {
            outbound.Dispose();
            inbound.Dispose();
            return null;
        }

        EndAttempt();
        return new KeyEpoch(context, outbound, inbound, nowNs, _timestampNs);
    }

    public void Dispose() => EndAttempt();

    private void BeginAttempt(long nowNs)
    {
        _ephemeral?.Dispose();
        _ephemeral = new EphemeralKey();
        _attemptNs = nowNs;
        RandomNumberGenerator.Fill(_hello.AsSpan(HandshakeLayout.HelloNonce, HandshakeLayout.NonceSize));
        _ephemeral.Point.CopyTo(_hello.AsSpan(HandshakeLayout.HelloPoint));
    }

    private void EndAttempt()
    {
        _ephemeral?.Dispose();
        _ephemeral = null;
        DueNs = long.MaxValue;
        _hello.AsSpan(HandshakeLayout.HelloCookie, HandshakeLayout.CookieSize).Clear();
    }
}

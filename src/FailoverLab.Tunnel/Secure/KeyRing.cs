using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// The keys of one tunnel that are valid now: previous, current and next. Everything is sent under the current ones; all three are
/// taken, so nothing on its way is lost when they change. The first authentic datagram under the next makes them current.
/// </summary>
internal sealed class KeyRing : IDisposable
{
    private readonly uint _tunnelId;
    private readonly RefusalCounters _refusals;
    private readonly ForgeryGuard _guard;
    private KeyEpoch? _previous;
    private KeyEpoch? _next;

    public KeyRing(uint tunnelId, RefusalCounters refusals, ForgeryGuard guard)
    {
        _tunnelId = tunnelId;
        _refusals = refusals;
        _guard = guard;
    }

    /// <summary>The keys to send under; <see langword="null"/> before the first handshake and after the last expired.</summary>
    public KeyEpoch? Current { get; private set; }

    /// <summary>Whether the initiator's first datagram under the newest keys is still awaited.</summary>
    public bool HasNext => _next is not null;

    public uint Received { get; private set; }

    public uint HighestReceived { get; private set; }

    /// <summary>When anything authentic was received last, monotonic ns.</summary>
    public long LastHeardNs { get; private set; } = long.MinValue;

    /// <summary>When <see cref="Expire"/> has something to forget, monotonic ns.</summary>
    public long NextExpiryNs
    {
        get
        {
            var next = _next is null ? long.MaxValue : _next.CreatedNs + SecureLimits.UnconfirmedNs;
            var current = Current is null ? long.MaxValue : Current.CreatedNs + SecureLimits.RejectAfterNs;
            return Math.Min(Math.Min(next, current), PreviousEndNs);
        }
    }

    /// <summary>When nothing under the previous keys can be on its way any more: they are too old, or the peer has long used the current ones.</summary>
    private long PreviousEndNs => _previous is null ? long.MaxValue : Math.Min(
        _previous.CreatedNs + SecureLimits.RejectAfterNs,
        Current is { } current && current.FirstHeardNs != long.MaxValue ? current.FirstHeardNs + SecureLimits.PreviousNs : long.MaxValue);

    /// <summary>An epoch after the given one that no keys here have.</summary>
    public byte FreeEpochAfter(byte newest)
    {
        do
        {
            newest++;
        }
        while (newest == Current?.Number || newest == _previous?.Number || newest == _next?.Number);

        return newest;
    }

    /// <summary>Initiator: the responder has proved that it has these keys; they are used at once.</summary>
    public void Install(KeyEpoch keys)
    {
        _previous?.Dispose();
        (_previous, Current) = (Current, keys);
    }

    /// <summary>Responder: these keys are taken, and used once the initiator has proved that it has them.</summary>
    public void Offer(KeyEpoch keys)
    {
        _next?.Dispose();
        _next = keys;
    }

    public ReadOnlySpan<byte> Seal(ReadOnlySpan<byte> payload, PacketType type, bool isIPv6, in TunnelTime now, Span<byte> room)
    {
        if (Current is not { } keys || !keys.MaySend(now.MonotonicNs))
        {
            return [];
        }

        var counter = keys.NextCounter++;
        var datagram = room[..(TunnelHeader.Size + payload.Length)];
        new SecureHeader((byte)type, isIPv6 ? (byte)1 : (byte)0, keys.Number, _tunnelId, counter).Write(datagram);
        keys.Seal(payload, datagram, counter);
        return datagram;
    }

    public bool TryOpen(Span<byte> datagram, in TunnelTime now, out TunnelHeader header)
    {
        header = default;
        if (!SecureHeader.TryRead(datagram, out var outer))
        {
            return Refuse(RefusalReason.Malformed);
        }

        if (outer.TunnelId != _tunnelId)
        {
            return Refuse(RefusalReason.WrongTunnel);
        }

        if (Find(outer.Epoch) is not { } keys || !keys.MayReceive(now.MonotonicNs))
        {
            return Refuse(RefusalReason.UnknownKeys);
        }

        if (!keys.Window.IsFresh(outer.Counter))
        {
            return Refuse(RefusalReason.Replayed);
        }

        if (!keys.TryOpen(datagram, outer.Counter, _guard, now.MonotonicNs))
        {
            return Refuse(RefusalReason.BadTag);
        }

        Took(keys, outer.Counter, now.MonotonicNs);
        header = new TunnelHeader(outer.Type, outer.Flags, _tunnelId, unchecked(keys.Base + (uint)outer.Counter), unchecked((uint)(keys.StampNs / 1_000_000)));
        return true;
    }

    /// <summary>Decrypts what was sealed here; see <see cref="ITunnelChannel.TryUnseal"/>.</summary>
    public bool TryUnseal(Span<byte> datagram)
    {
        if (!SecureHeader.TryRead(datagram, out var header) || header.TunnelId != _tunnelId || Find(header.Epoch) is not { } keys || header.Counter >= keys.NextCounter)
        {
            return false;
        }

        keys.Unseal(datagram, header.Counter);
        return true;
    }

    /// <summary>Forgets keys that are of no more use.</summary>
    public void Expire(long nowNs)
    {
        if (_next is { } next && nowNs - next.CreatedNs >= SecureLimits.UnconfirmedNs)
        {
            next.Dispose();
            _next = null;
        }

        if (nowNs >= PreviousEndNs)
        {
            _previous?.Dispose();
            _previous = null;
        }

        if (Current is { } current && !current.MayReceive(nowNs))
        {
            current.Dispose();
            Current = null;
        }
    }

    public void Dispose()
    {
        _previous?.Dispose();
        Current?.Dispose();
        _next?.Dispose();
        (_previous, Current, _next) = (null, null, null);
    }

    private KeyEpoch? Find(byte epoch) =>
        Current?.Number == epoch ? Current : _next?.Number == epoch ? _next : _previous?.Number == epoch ? _previous : null;

    private void Took(KeyEpoch keys, ulong counter, long nowNs)
    {
        if (!keys.Window.HasStarted)
        {
            keys.Base = Received == 0 ? 0 : unchecked(HighestReceived + 1);
            keys.FirstHeardNs = nowNs;
        }

        keys.Window.Take(counter);
        if (keys == _next)
        {
            Install(keys);
            _next = null;
        }

        Received++;
        LastHeardNs = nowNs;
        if (keys == Current || Current?.Window.HasStarted != true)
        {
            HighestReceived = keys.HighestReceived;
        }
    }

    private bool Refuse(RefusalReason reason)
    {
        _refusals.Add(reason);
        return false;
    }
}

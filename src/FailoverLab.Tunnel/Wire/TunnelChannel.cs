using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// One side's state of one tunnel: numbers and seals what is sent, checks what is received. Order of the checks as in RFC 4303
/// section 3.4.3: cheap ones and the replay test first, the tag next, then whether the content can be the other side's, and only then is the sequence marked as seen.
/// </summary>
public sealed class TunnelChannel : ITunnelChannel
{
    /// <summary>What version 1 lacks, for the log.</summary>
    public const string Lacks = "version 1 does not encrypt, has one key for all peers that never changes, and needs clocks within 60 s";

    private const int TimeWindowMs = 60_000;

    private readonly DatagramSeal _seal;
    private readonly RefusalCounters _refusals;
    private readonly ReplayWindow _window;
    private readonly ContentTest? _test;

    /// <summary>Begins a tunnel with nothing sent or received.</summary>
    /// <param name="tunnelId">The header's tunnel id.</param>
    /// <param name="seal">Key; shared by the tunnels of one loop.</param>
    /// <param name="refusals">Where refusals are counted.</param>
    /// <param name="startMs">Unix ms before which nothing is taken.</param>
    /// <param name="test">Tells what the other side cannot have sent; <see langword="null"/> takes everything.</param>
    public TunnelChannel(uint tunnelId, DatagramSeal seal, RefusalCounters refusals, long startMs, ContentTest? test = null)
    {
        TunnelId = tunnelId;
        _seal = seal;
        _refusals = refusals;
        _window = new ReplayWindow(startMs);
        _test = test;
    }

    /// <summary>The header's tunnel id.</summary>
    public uint TunnelId { get; }

    /// <inheritdoc/>
    public int Version => TunnelHeader.Version;

    /// <summary>Always: version 1 agrees on nothing.</summary>
    public bool IsReady => true;

    /// <summary>Nothing is due, ever.</summary>
    public long DueNs => long.MaxValue;

    /// <inheritdoc/>
    public string? Agreement => null;

    /// <summary>Sequence of the next datagram sent.</summary>
    public uint NextSequence { get; private set; }

    /// <summary>Authentic datagrams received in the peer's present epoch; wraps.</summary>
    public uint Received { get; private set; }

    /// <summary>Highest sequence received in the peer's present epoch.</summary>
    public uint HighestReceived => _window.Highest;

    /// <summary>Numbers, stamps and seals a datagram whose payload is in place.</summary>
    /// <param name="datagram">Header room and payload; the first 32 bytes are written.</param>
    /// <param name="type">What the payload is.</param>
    /// <param name="isIPv6">Whether a data payload is IPv6.</param>
    /// <param name="now">Time of sending.</param>
    public void Seal(Span<byte> datagram, PacketType type, bool isIPv6, in TunnelTime now)
    {
        new TunnelHeader((byte)type, isIPv6 ? (byte)1 : (byte)0, TunnelId, NextSequence, now.UnixMs).Write(datagram);
        NextSequence = unchecked(NextSequence + 1);
        _seal.Write(datagram);
    }

    /// <summary>Checks a datagram and marks it as received.</summary>
    /// <param name="datagram">The whole datagram; <paramref name="header"/> was read from it.</param>
    /// <param name="header">Its header, with this tunnel's id.</param>
    /// <param name="now">Time of receiving.</param>
    /// <returns>Whether it is authentic, timely and new; otherwise the refusal was counted.</returns>
    public bool TryAccept(ReadOnlySpan<byte> datagram, in TunnelHeader header, in TunnelTime now)
    {
        long aheadMs = unchecked((int)(header.TimestampMs - now.UnixMs));
        if (Math.Abs(aheadMs) > TimeWindowMs)
        {
            return Refuse(RefusalReason.OutsideTimeWindow);
        }

        // This near to our clock, the 32 bits tell the whole time.
        var sentMs = now.StampMs + aheadMs;
        if (!_window.IsAcceptable(header.Sequence, sentMs))
        {
            return Refuse(_window.IsBeforeEpoch(sentMs) ? RefusalReason.BeforeEpoch : RefusalReason.Replayed);
        }

        if (!_seal.Verify(datagram))
        {
            return Refuse(RefusalReason.BadTag);
        }

        if (_test?.Invoke((PacketType)header.Type, datagram[TunnelHeader.Size..]) is { } reason)
        {
            return Refuse(reason);
        }

        Received = _window.Accept(header.Sequence, sentMs) ? 1 : unchecked(Received + 1);
        return true;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Seal(Span<byte> frame, PacketType type, bool isIPv6, in TunnelTime now, Span<byte> room)
    {
        Seal(frame, type, isIPv6, now);
        return frame;
    }

    /// <inheritdoc/>
    public bool TryAccept(Span<byte> datagram, in TunnelTime now, out TunnelHeader header)
    {
        if (!TunnelHeader.TryRead(datagram, out header))
        {
            return Refuse(RefusalReason.Malformed);
        }

        return header.TunnelId == TunnelId ? TryAccept(datagram, header, now) : Refuse(RefusalReason.WrongTunnel);
    }

    /// <inheritdoc/>
    public int WriteDue(Span<byte> buffer, in TunnelTime now) => 0;

    /// <summary>Nothing to do: the one key does not change.</summary>
    public void OnSilence(in TunnelTime now)
    {
    }

    /// <summary>Nothing to do: nothing is awaited.</summary>
    public void Hasten(in TunnelTime now)
    {
    }

    /// <summary>The payload stands there in clear.</summary>
    public bool TryUnseal(Span<byte> datagram) => true;

    private bool Refuse(RefusalReason reason)
    {
        _refusals.Add(reason);
        return false;
    }
}

namespace FailoverLab.Tunnel;

/// <summary>The keys of one handshake, both directions, with what was counted under them. Counters begin at 0 here and nowhere else, so no nonce is used twice.</summary>
internal sealed class KeyEpoch : IDisposable
{
    private readonly DatagramCipher _outbound;
    private readonly DatagramCipher _inbound;

    public KeyEpoch(in HandshakeContext context, DatagramCipher outbound, DatagramCipher inbound, long createdNs, long stampNs)
    {
        Number = context.Epoch;
        Agreement = $"{(context.Suite == CipherSuites.AesGcm ? "AES-256-GCM" : "ChaCha20-Poly1305")}, epoch {context.Epoch}";
        _outbound = outbound;
        _inbound = inbound;
        CreatedNs = createdNs;
        StampNs = stampNs;
    }

    /// <summary>The header's epoch.</summary>
    public byte Number { get; }

    /// <summary>Suite and epoch in words, for the log; no secret.</summary>
    public string Agreement { get; }

    /// <summary>When the keys were made here, monotonic ns.</summary>
    public long CreatedNs { get; }

    /// <summary>Orders handshakes: greater for a later one of the same responder. About Unix ns.</summary>
    public long StampNs { get; }

    /// <summary>What was received under them.</summary>
    public CounterWindow Window { get; } = new();

    /// <summary>Added to counters for sequences that count on over changes of keys; set with the first datagram received.</summary>
    public uint Base { get; set; }

    /// <summary>Counter of the next datagram sent.</summary>
    public ulong NextCounter { get; set; }

    /// <summary>When the first datagram under them was received, monotonic ns; <see cref="long.MaxValue"/> before.</summary>
    public long FirstHeardNs { get; set; } = long.MaxValue;

    public uint HighestReceived => unchecked(Base + (uint)Window.Highest);

    public bool MaySend(long nowNs) => nowNs - CreatedNs < SecureLimits.SendUntilNs && NextCounter < SecureLimits.RejectAfterMessages;

    public bool MayReceive(long nowNs) => nowNs - CreatedNs < SecureLimits.RejectAfterNs;

    public void Seal(ReadOnlySpan<byte> payload, Span<byte> datagram, ulong counter) => _outbound.Seal(payload, datagram, counter);

    public void Unseal(Span<byte> datagram, ulong counter) => _outbound.Unseal(datagram, counter);

    public bool TryOpen(Span<byte> datagram, ulong counter, ForgeryGuard guard, long nowNs) => _inbound.TryOpen(datagram, counter, guard, nowNs);

    public void Dispose()
    {
        _outbound.Dispose();
        _inbound.Dispose();
    }
}

namespace FailoverLab.Tunnel;

/// <summary>
/// Keeps forged datagrams cheap. The framework's decryption throws when a tag is wrong, which costs three times an honest
/// datagram and memory; so only a few throws per second are allowed, and beyond that tags are checked by encrypting twice, which costs
/// double and never throws. Shared by the tunnels of one loop; not thread-safe.
/// </summary>
public sealed class ForgeryGuard
{
    private const int ThrowsPerSecond = 1000;
    private const int Burst = 200;

    private TokenBucket _throws = TokenBucket.Full(Burst);

    /// <summary>Room for one decrypted payload.</summary>
    internal byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(65536);

    /// <summary>Forged datagrams whose check threw.</summary>
    public long Thrown { get; private set; }

    /// <summary>Forged datagrams whose check did not throw.</summary>
    public long Compared { get; private set; }

    /// <summary>Whether a throw is affordable now.</summary>
    internal bool MayThrow(long nowNs) => _throws.Has(nowNs, ThrowsPerSecond, Burst);

    internal void OnThrown(long nowNs)
    {
        _throws.TryTake(nowNs, ThrowsPerSecond, Burst);
        Thrown++;
    }

    internal void OnCompared() => Compared++;
}

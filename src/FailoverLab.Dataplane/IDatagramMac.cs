namespace FailoverLab.Dataplane;

/// <summary>HMAC-SHA256 under one key. Allocates nothing per message. One thread at a time.</summary>
public interface IDatagramMac : IDisposable
{
    /// <summary>Bytes of a whole MAC.</summary>
    const int Size = 32;

    /// <summary>Computes the MAC of two stretches as if they stood together.</summary>
    /// <param name="first">What comes first.</param>
    /// <param name="second">What follows it.</param>
    /// <param name="mac">Takes <see cref="Size"/> bytes.</param>
    void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> mac);
}

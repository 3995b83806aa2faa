using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>
/// Flips one bit of a share of packets, anywhere behind the Ethernet header with equal chance. The header is spared, because a frame with
/// a wrong one is not a corrupted packet but one for somebody else.
/// </summary>
internal readonly struct Corruption(CounterRandom choice, CounterRandom place)
{
    private const int Header = 14;

    internal bool Takes(long index, Ratio share) => choice.Share(index) < share.Value;

    /// <summary>Flips the bit; a frame without anything behind the header stays whole.</summary>
    /// <returns>Whether there was a bit to flip.</returns>
    internal bool Flip(long index, Span<byte> frame)
    {
        if (frame.Length <= Header)
        {
            return false;
        }

        var bit = (int)(place.Bits(index) % ((ulong)(frame.Length - Header) * 8));
        frame[Header + (bit / 8)] ^= (byte)(1 << (bit % 8));
        return true;
    }
}

using System.Numerics;

namespace FailoverLab.Tunnel;

/// <summary>
/// Takes every 64-bit number at most once, in any order within a window behind the highest: the block bitmap of RFC 6479. Numbers
/// do not wrap. Allocates nothing after its construction; not thread-safe.
/// </summary>
public sealed class CounterWindow
{
    private const int BlockBits = 64;

    private readonly ulong[] _bits;
    private readonly ulong _mask;

    /// <summary>Begins with nothing taken.</summary>
    /// <param name="bits">Size of the bitmap: a power of two, at least 128.</param>
    public CounterWindow(int bits = 16384)
    {
        if (bits < 2 * BlockBits || !BitOperations.IsPow2(bits))
        {
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "a power of two of at least 128");
        }

        _bits = new ulong[bits / BlockBits];
        _mask = (ulong)_bits.Length - 1;
        Size = bits - BlockBits;
    }

    /// <summary>Numbers this far or farther behind the highest are refused: the bitmap less the block being filled.</summary>
    public int Size { get; }

    /// <summary>Whether any number was taken.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Highest number taken; 0 before the first.</summary>
    public ulong Highest { get; private set; }

    /// <summary>Whether a number would be taken: ahead of all, or unseen inside the window.</summary>
    public bool IsFresh(ulong number) =>
        !HasStarted || number > Highest || (Highest - number < (ulong)Size && (_bits[Block(number)] & Bit(number)) == 0);

    /// <summary>Marks a number as taken; one left of the window is ignored.</summary>
    public void Take(ulong number)
    {
        if (!HasStarted || number > Highest)
        {
            Advance(number);
        }
        else if (Highest - number >= (ulong)Size)
        {
            return;
        }

        _bits[Block(number)] |= Bit(number);
    }

    private static ulong Bit(ulong number) => 1UL << (int)(number % BlockBits);

    private int Block(ulong number) => (int)(number / BlockBits & _mask);

    private void Advance(ulong number)
    {
        var steps = HasStarted ? Math.Min((number / BlockBits) - (Highest / BlockBits), (ulong)_bits.Length) : 0;
        for (var i = 1UL; i <= steps; i++)
        {
            _bits[(int)(((Highest / BlockBits) + i) & _mask)] = 0;
        }

        (HasStarted, Highest) = (true, number);
    }
}

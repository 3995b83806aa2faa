namespace FailoverLab.Tunnel;

/// <summary>Takes every number of one run once: the block bitmap of RFC 6479. Allocates nothing.</summary>
internal sealed class NumberWindow
{
    private const int BlockBits = 64;
    private const int Blocks = 256;
    private const int BlockMask = Blocks - 1;

    /// <summary>How far behind the highest number one may be and still be taken.</summary>
    public const int Size = (Blocks - 1) * BlockBits;

    private readonly ulong[] _bits = new ulong[Blocks];

    /// <summary>What was received, for the peer.</summary>
    public DataAck Ack
    {
        get
        {
            if (Highest == 0)
            {
                return default;
            }

            // The word that ends below the highest number: two neighbouring blocks, shifted together.
            var last = Highest - 1;
            var shift = (int)(last % BlockBits);
            var high = _bits[Block(last)] << (BlockBits - 1 - shift);
            var low = shift == BlockBits - 1 ? 0 : _bits[Block(last - Math.Min(BlockBits, last))] >> (shift + 1);
            return new DataAck(Highest, Reverse(last < BlockBits ? high : high | low));
        }
    }

    /// <summary>The highest number taken; 0 before the first.</summary>
    public ulong Highest { get; private set; }

    /// <summary>Takes a packet.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <returns>Whether it is new; a second copy and one from long ago are not.</returns>
    public bool TryTake(ulong number)
    {
        if (number == 0 || number + Size <= Highest)
        {
            return false;
        }

        if (number > Highest)
        {
            Advance(number);
        }

        ref var block = ref _bits[Block(number)];
        var bit = 1UL << (int)(number % BlockBits);
        if ((block & bit) != 0)
        {
            return false;
        }

        block |= bit;
        return true;
    }

    /// <summary>Forgets all numbers.</summary>
    public void Reset()
    {
        Highest = 0;
        Array.Clear(_bits);
    }

    private static int Block(ulong number) => (int)(number / BlockBits) & BlockMask;

    private static ulong Reverse(ulong value)
    {
        value = ((value >> 1) & 0x5555555555555555) | ((value & 0x5555555555555555) << 1);
        value = ((value >> 2) & 0x3333333333333333) | ((value & 0x3333333333333333) << 2);
        value = ((value >> 4) & 0x0F0F0F0F0F0F0F0F) | ((value & 0x0F0F0F0F0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }

    private void Advance(ulong number)
    {
        var steps = Math.Min((number / BlockBits) - (Highest / BlockBits), Blocks);
        for (var i = 1UL; i <= steps; i++)
        {
            _bits[Block(((Highest / BlockBits) + i) * BlockBits)] = 0;
        }

        Highest = number;
    }
}

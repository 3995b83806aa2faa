using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FailoverLab.Packets;

/// <summary>
/// The checksum of IP, TCP and UDP (RFC 1071): ones' complement sum of 16-bit words. Summed in wide lanes in the machine's byte order, which
/// only swaps the bytes of the result.
/// </summary>
public static class InternetChecksum
{
    /// <summary>Sums bytes.</summary>
    /// <param name="bytes">An odd last byte counts as if a zero followed.</param>
    /// <param name="sum">What was summed before, of an even number of bytes.</param>
    /// <returns>The folded sum, 0..0xFFFF, not complemented.</returns>
    // Never slow at first: packet loops under real-time priority may keep the compiler from its second look for long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ushort Sum(ReadOnlySpan<byte> bytes, uint sum = 0)
    {
        var total = Lanes(ref bytes);
        foreach (var word in MemoryMarshal.Cast<byte, uint>(bytes))
        {
            total += word;
        }

        bytes = bytes[(bytes.Length & ~3)..];
        if (bytes.Length >= 2)
        {
            total += MemoryMarshal.Read<ushort>(bytes);
        }

        if ((bytes.Length & 1) != 0)
        {
            total += BitConverter.IsLittleEndian ? bytes[^1] : (uint)bytes[^1] << 8;
        }

        total = (total & 0xFFFF_FFFF) + (total >> 32);
        total = (total & 0xFFFF_FFFF) + (total >> 32);
        var folded = Fold((uint)(total & 0xFFFF) + (uint)(total >> 16));
        return Fold((BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded) + sum);
    }

    /// <summary>Folds a sum of words into one.</summary>
    public static ushort Fold(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>Sums whole vectors and leaves the rest. Low and high halves of 32-bit lanes are summed apart: they overflow after 65,536 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Lanes(ref ReadOnlySpan<byte> bytes)
    {
        var vectors = MemoryMarshal.Cast<byte, Vector<uint>>(bytes);
        if (vectors.Length is 0 or > ushort.MaxValue)
        {
            return 0;
        }

        var (low, high) = (Vector<uint>.Zero, Vector<uint>.Zero);
        var mask = new Vector<uint>(0xFFFF);
        foreach (var vector in vectors)
        {
            low += vector & mask;
            high += vector >>> 16;
        }

        var total = 0UL;
        for (var i = 0; i < Vector<uint>.Count; i++)
        {
            total += low[i];
            total += high[i];
        }

        bytes = bytes[(vectors.Length * Vector<byte>.Count)..];
        return total;
    }
}

using FailoverLab.Primitives;

namespace FailoverLab.Packets;

/// <summary>
/// Sizes of coded probes. The payload of the probe with sequence number s is <c>64 + 16 × symbol(s)</c> bytes, symbols 0..15. Encryption
/// hides the content of a packet, not its length, so the same steps show on the ciphertext.
/// <para>
/// A step of 16 keeps symbols apart under every padding whose block divides 16 (WireGuard 16, ESP 4 or 16, TLS none), and makes the length
/// that a tunnel adds the same for all symbols. Symbols are the bits of a maximal-length 16-bit shift register, four at a time: they repeat
/// after 65,535 packets, and any four in a row occur once in that period. Each flow starts elsewhere in it.
/// </para>
/// </summary>
public static class ProbeSizeCode
{
    /// <summary>UDP payload of symbol 0, bytes.</summary>
    public const int SmallestPayload = 64;

    /// <summary>Bytes between two symbols.</summary>
    public const int Step = 16;

    /// <summary>Different symbols.</summary>
    public const int Symbols = 1 << BitsPerSymbol;

    /// <summary>UDP payload of the last symbol, bytes.</summary>
    public const int LargestPayload = SmallestPayload + (Step * (Symbols - 1));

    /// <summary>Packets after which the code repeats.</summary>
    public const int Period = (1 << 16) - 1;

    /// <summary>Symbols in a row that occur once in a period.</summary>
    public const int UniqueRun = 16 / BitsPerSymbol;

    private const int BitsPerSymbol = 4;
    private static readonly byte[] Sequence = Run();

    /// <summary>Symbol of a packet, 0..15.</summary>
    /// <param name="flowId">Flow number of the probe header.</param>
    /// <param name="sequence">Sequence number of the probe header.</param>
    public static int SymbolOf(uint flowId, ulong sequence) => Sequence[(int)((PhaseOf(flowId) + sequence % Period) % Period)];

    /// <summary>UDP payload of a packet, bytes; <see cref="SmallestPayload"/>..<see cref="LargestPayload"/>.</summary>
    /// <param name="flowId">Flow number of the probe header.</param>
    /// <param name="sequence">Sequence number of the probe header.</param>
    public static int PayloadSize(uint flowId, ulong sequence) => SmallestPayload + (Step * SymbolOf(flowId, sequence));

    /// <summary>Fills what follows the probe header with bytes that do not compress: a tunnel that compresses would otherwise level all sizes.</summary>
    /// <param name="payload">The whole payload, the header included; the header is left alone.</param>
    /// <param name="flowId">Gives each flow bytes of its own.</param>
    public static void FillTail(Span<byte> payload, uint flowId)
    {
        var random = new SeededRandom(flowId);
        for (var i = ProbeHeader.Size; i < payload.Length; i++) payload[i] = (byte)random.NextUInt64();
    }

    // Multiples of the golden ratio: the first flows of a run are far apart in the period.
    private static ulong PhaseOf(uint flowId) => unchecked(flowId * 0x9E3779B1u) * (ulong)Period >> 32;

    // x^16 + x^14 + x^13 + x^11 + 1 is primitive. Four steps a symbol, and 4 has no factor in common with the period.
    private static byte[] Run()
    {
        var symbols = new byte[Period];
        var state = 0xACE1u;
        for (var i = 0; i < Period; i++)
        {
            symbols[i] = (byte)(state & (Symbols - 1));
            for (var bit = 0; bit < BitsPerSymbol; bit++)
            {
                state = (state >> 1) | (((state ^ (state >> 2) ^ (state >> 3) ^ (state >> 5)) & 1) << 15);
            }
        }

        return symbols;
    }
}

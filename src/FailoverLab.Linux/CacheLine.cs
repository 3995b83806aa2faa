using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FailoverLab.Linux;

/// <summary>What the processor moves between memory and its caches.</summary>
public static unsafe class CacheLine
{
    /// <summary>Bytes of a line on every processor this runs on (some ARM cores: 128, where half of the calls do nothing).</summary>
    public const int Size = 64;

    /// <summary>
    /// Asks for the line of a byte that will be read soon. Changes nothing but the time that reading takes, and does nothing where the
    /// processor offers no such instruction.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(ref readonly byte location)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(in location));
    }
}

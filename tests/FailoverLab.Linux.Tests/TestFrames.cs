using System.Buffers.Binary;

namespace FailoverLab.Linux.Tests;

/// <summary>Ethernet frames of the experimental EtherType 0x88B5 that carry a number.</summary>
internal static class TestFrames
{
    public const ushort EtherType = 0x88B5;

    public static byte[] Make(int number, int length = 100)
    {
        var frame = new byte[length];
        byte[] addresses = [0x02, 0, 0, 0, 0, 0x0b, 0x02, 0, 0, 0, 0, 0x0a];
        addresses.CopyTo(frame, 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), EtherType);
        SetNumber(frame, number);
        return frame;
    }

    public static void SetNumber(Span<byte> frame, int number) => BinaryPrimitives.WriteInt32BigEndian(frame[14..], number);

    public static int Number(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32BigEndian(frame[14..]);

    public static long Soon() => SystemClock.Shared.MonotonicNs + 1_000_000_000;
}

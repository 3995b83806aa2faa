using System.Buffers.Binary;

namespace FailoverLab.Linux.Tests;

internal sealed class UnfinishedChecksumTests
{
    [TestCase(4, 6, 16, 31)]
    [TestCase(4, 17, 6, 32)]
    [TestCase(6, 6, 16, 41)]
    [TestCase(6, 17, 6, 8)]
    public void TryFinish_FieldHoldsPseudoHeaderSum_WholeSumIsRight(int version, byte protocol, int field, int segmentBytes)
    {
        var start = 14 + (version == 4 ? 20 : 40);

        // Three bytes behind the packet, as Ethernet pads short ones: they do not count.
        var frame = new byte[start + segmentBytes + 3];
        new Random(7).NextBytes(frame);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), version == 4 ? (ushort)0x0800 : (ushort)0x86DD);
        var packet = frame.AsSpan(14);
        packet[0] = version == 4 ? (byte)0x45 : (byte)0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet[(version == 4 ? 2 : 4)..], (ushort)(segmentBytes + (version == 4 ? 20 : 0)));
        packet[version == 4 ? 9 : 6] = protocol;
        var addresses = version == 4 ? packet.Slice(12, 8) : packet.Slice(8, 32);
        var pseudo = (ulong)protocol + (ulong)segmentBytes + Words(addresses);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(start + field), Fold(pseudo));

        Assert.That(UnfinishedChecksum.TryFinish(frame), Is.True);
        Assert.That(Fold(pseudo + Words(frame.AsSpan(start, segmentBytes))), Is.EqualTo(0xFFFF), "RFC 1071: the sum over all is all ones");
    }

    [Test]
    public void TryFinish_NotTcpOrUdp_IsLeftAlone([Values(1, 132)] byte protocol)
    {
        var frame = new byte[100];
        frame[12] = 8;
        frame[14] = 0x45;
        frame[17] = 86;
        frame[23] = protocol;
        var before = frame.ToArray();
        Assert.That(UnfinishedChecksum.TryFinish(frame), Is.False);
        Assert.That(frame, Is.EqualTo(before));
    }

    [Test]
    public void TryFinish_AnyBytes_NeverFails()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var frame = new byte[random.Next(120)];
            random.NextBytes(frame);
            if (frame.Length > 14)
            {
                (frame[12], frame[13]) = i % 2 == 0 ? ((byte)8, (byte)0) : ((byte)0x86, (byte)0xDD);
                frame[14] = (byte)((i % 2 == 0 ? 0x40 : 0x60) | (frame[14] & 0xF));
            }

            Assert.That(() => UnfinishedChecksum.TryFinish(frame), Throws.Nothing);
        }
    }

    private static ulong Words(ReadOnlySpan<byte> bytes)
    {
        var sum = 0UL;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            sum += (ulong)(bytes[i] << 8) + (i + 1 < bytes.Length ? bytes[i + 1] : 0UL);
        }

        return sum;
    }

    private static ushort Fold(ulong sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)sum;
    }
}

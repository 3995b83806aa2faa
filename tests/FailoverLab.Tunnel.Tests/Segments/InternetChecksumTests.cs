using FailoverLab.Packets;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

public sealed class InternetChecksumTests
{
    [Test]
    public void Sum_RandomBytesOfEveryLength_AsThePlainLoop([Values(1UL, 2UL)] ulong seed)
    {
        var random = new SeededRandom(seed);
        for (var length = 0; length < 1600; length++)
        {
            var bytes = Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)).ToArray();
            var before = (uint)random.Next(65536);
            byte[] first = [(byte)(before >> 8), (byte)before];
            Assert.That(InternetChecksum.Sum(bytes, before), Is.EqualTo(PlainChecksum.Sum(first, bytes)), $"seed {seed}, length {length}");
        }
    }

    [Test]
    public void Sum_LargestPacketOfOnes_DoesNotOverflow()
    {
        var bytes = new byte[65535];
        bytes.AsSpan().Fill(0xFF);
        Assert.That(InternetChecksum.Sum(bytes), Is.EqualTo(PlainChecksum.Sum(bytes)));
    }

    /// <summary>The example of RFC 1071 section 3.</summary>
    [Test]
    public void Sum_ExampleOfTheRfc_IsItsSum() =>
        Assert.That(InternetChecksum.Sum([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]), Is.EqualTo(0xDDF2));
}

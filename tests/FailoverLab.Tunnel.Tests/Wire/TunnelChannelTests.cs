using System.Security.Cryptography;
using System.Text;
using FailoverLab.Packets;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

public sealed class TunnelChannelTests
{
    private static readonly TunnelTime Now = new(0, 1_700_000_000_123_000_000);

    private static long Start => Now.StampMs - 200_000;

    [Test]
    public void Seal_AnyPayload_TagIsTheFirstHalfOfHmacOverHeaderAndPayload()
    {
        using var seal = new DatagramSeal("schlüssel");
        var channel = new TunnelChannel(0x01020304, seal, new RefusalCounters(), Start);
        var datagram = new byte[TunnelHeader.Size + 5];
        "hello"u8.CopyTo(datagram.AsSpan(TunnelHeader.Size));
        channel.Seal(datagram, PacketType.Data, true, Now);
        channel.Seal(datagram, PacketType.Data, true, Now);

        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes("schlüssel"), (byte[])[.. datagram[..16], .. "hello"u8])[..16];
        Assert.That(datagram[16..32], Is.EqualTo(expected));
        Assert.That(datagram[..12], Is.EqualTo(new byte[] { 1, 1, 1, 0, 1, 2, 3, 4, 0, 0, 0, 1 }));
        Assert.That(datagram[12..16], Is.EqualTo(BitConverter.GetBytes(unchecked((uint)1_700_000_000_123L)).Reverse()));
    }

    [Test]
    public void TryAccept_EveryBitFlippedEveryTruncationAndExtension_NoneTaken()
    {
        using var seal = new DatagramSeal("k");
        var random = new SeededRandom(5);
        for (var n = 0; n < 20; n++)
        {
            var good = Make(seal, random.Next(40), out _);
            for (var bit = 0; bit < good.Length * 8; bit++)
            {
                var bad = good.ToArray();
                bad[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.That(IsTaken(seal, bad), Is.False, $"bit {bit} of datagram {n}");
            }

            for (var length = 0; length < good.Length; length++)
            {
                Assert.That(IsTaken(seal, good[..length]), Is.False, $"cut to {length}");
            }

            Assert.That(IsTaken(seal, [.. good, 0]), Is.False, "extended");
            Assert.That(IsTaken(seal, good), Is.True, "untouched");
        }
    }

    [TestCase(60_000, true)]
    [TestCase(60_001, false)]
    [TestCase(-60_001, false)]
    public void TryAccept_ClocksApart_TakenWithinAMinute(int apartMs, bool taken)
    {
        using var seal = new DatagramSeal("k");
        var datagram = Make(seal, 10, out _);
        var later = new TunnelTime(0, Now.RealtimeNs + (apartMs * 1_000_000L));
        var refusals = new RefusalCounters();
        var channel = new TunnelChannel(7, seal, refusals, Start);
        TunnelHeader.TryRead(datagram, out var header);
        Assert.That(channel.TryAccept(datagram, header, later), Is.EqualTo(taken));
        Assert.That(refusals[RefusalReason.OutsideTimeWindow], Is.EqualTo(taken ? 0 : 1));
    }

    /// <summary>The header's 32 bits of time come round after 49.7 days; half of that after the start a floor kept in 32 bits lay ahead of everything.</summary>
    [TestCase(1, 70 * 24)]
    [TestCase(30 * 24, 5)]
    public void TryAccept_RunsForMonths_EveryDatagramTaken(int hoursBetween, int datagrams)
    {
        using var seal = new DatagramSeal("k");
        var refusals = new RefusalCounters();
        var (sender, receiver) = (new TunnelChannel(7, seal, refusals, Now.StampMs), new TunnelChannel(7, seal, refusals, Now.StampMs));
        for (var i = 0L; i < datagrams; i++)
        {
            var now = new TunnelTime(0, Now.RealtimeNs + (i * hoursBetween * 3_600_000_000_000));
            var datagram = sender.Seal(new byte[TunnelHeader.Size], PacketType.Keepalive, false, now, []).ToArray();
            Assert.That(receiver.TryAccept(datagram.ToArray(), now, out _), $"{i * hoursBetween} hours after the start: {refusals}");
            Assert.That(receiver.TryAccept(datagram, now, out _), Is.False, "the same again");
        }
    }

    [Test]
    public void TryAccept_TimestampWraps_RestartRecognizedAndTheEpochBeforeRefused()
    {
        using var seal = new DatagramSeal("k");
        var wrap = new TunnelTime(0, 400L * 0x1_0000_0000 * 1_000_000);
        var receiver = new TunnelChannel(7, seal, new RefusalCounters(), wrap.StampMs - 1000);
        var before = First(wrap, -20);
        Assert.That(receiver.TryAccept(before.ToArray(), wrap, out _), "before the wrap");
        Assert.That(receiver.TryAccept(First(wrap, 20), wrap, out _), "restarted behind it");
        Assert.That(receiver.TryAccept(before, wrap, out _), Is.False);

        byte[] First(TunnelTime at, int ms) =>
            new TunnelChannel(7, seal, new RefusalCounters(), 0).Seal(new byte[TunnelHeader.Size], PacketType.Keepalive, false, new TunnelTime(0, at.RealtimeNs + (ms * 1_000_000L)), []).ToArray();
    }

    [Test]
    public void TryAccept_ForgedHighSequence_DoesNotMoveTheWindow()
    {
        using var seal = new DatagramSeal("k");
        var refusals = new RefusalCounters();
        var channel = new TunnelChannel(7, seal, refusals, Start);
        var forged = Make(seal, 10, out _);
        forged[8] = 0x70;
        TunnelHeader.TryRead(forged, out var header);
        Assert.That(channel.TryAccept(forged, header, Now), Is.False);
        Assert.That(refusals[RefusalReason.BadTag], Is.EqualTo(1));
        var good = Make(seal, 10, out _);
        TunnelHeader.TryRead(good, out header);
        Assert.That(channel.TryAccept(good, header, Now), Is.True);
    }

    [Test]
    public void SealAndAccept_ManyDatagrams_AllocateNothing()
    {
        using var seal = new DatagramSeal("k");
        var refusals = new RefusalCounters();
        var (sender, receiver) = (new TunnelChannel(7, seal, refusals, Start), new TunnelChannel(7, seal, refusals, Start));
        var datagram = new byte[1400];
        Exchange(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(5000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(receiver.Received, Is.EqualTo(5100));

        void Exchange(int count)
        {
            for (var i = 0; i < count; i++)
            {
                sender.Seal(datagram, PacketType.Data, false, Now);
                TunnelHeader.TryRead(datagram, out var header);
                receiver.TryAccept(datagram, header, Now);
            }
        }
    }

    private static byte[] Make(DatagramSeal seal, int payload, out TunnelChannel channel)
    {
        channel = new TunnelChannel(7, seal, new RefusalCounters(), Start);
        var datagram = new byte[TunnelHeader.Size + payload];
        channel.Seal(datagram, PacketType.Data, false, Now);
        return datagram;
    }

    private static bool IsTaken(DatagramSeal seal, byte[] datagram) =>
        TunnelHeader.TryRead(datagram, out var header)
        && header.TunnelId == 7
        && new TunnelChannel(7, seal, new RefusalCounters(), Start).TryAccept(datagram, header, Now);
}

using FailoverLab.Packets;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

/// <summary>Every single-bit flip, every truncation and some extensions of 1,000 valid datagrams of each version: none is taken.</summary>
public sealed class TamperTests
{
    private const int Datagrams = 1000;
    private const int Large = 4;

    [Test]
    public void TryAccept_Version1Tampered_NoneTaken()
    {
        using var seal = new DatagramSeal("k");
        var now = new TunnelTime(0, 1_700_000_000_123_000_000);
        var sender = new TunnelChannel(7, seal, new RefusalCounters(), now.StampMs);
        var receiver = new TunnelChannel(7, seal, new RefusalCounters(), now.StampMs);
        var tried = Tamper(1, (frame, room) => sender.Seal(frame, PacketType.Data, false, now, room).ToArray(), d => receiver.TryAccept(d, now, out _));
        TestContext.Out.WriteLine($"{tried} tampered datagrams of version 1, none taken");
    }

    [Test]
    public void TryAccept_Version2Tampered_NoneTaken([Values] bool toResponder)
    {
        using var world = new SecureWorld(1);
        world.Agree();
        ITunnelChannel sender = toResponder ? world.Initiator : world.Answering!;
        ITunnelChannel receiver = toResponder ? world.Answering! : world.Initiator;
        var tried = Tamper(2, (frame, room) => sender.Seal(frame, PacketType.Data, false, world.Now, room).ToArray(), d => receiver.TryAccept(d, world.Now, out _));
        TestContext.Out.WriteLine($"{tried} tampered datagrams of version 2, none taken; {world.Guard.Thrown} checks threw, {world.Guard.Compared} did not");
        Assert.That(world.Guard.Thrown, Is.GreaterThan(0), "both ways of checking a tag were tried");
        Assert.That(world.Guard.Compared, Is.GreaterThan(world.Guard.Thrown));
    }

    private static long Tamper(ulong seed, Func<byte[], byte[], byte[]> seal, Func<byte[], bool> isTaken)
    {
        var random = new SeededRandom(seed);
        var tried = 0L;
        for (var n = 0; n < Datagrams; n++)
        {
            var frame = new byte[TunnelHeader.Size + (n < Large ? 1400 : random.Next(33))];
            frame.AsSpan(TunnelHeader.Size).Fill((byte)random.Next(256));
            var good = seal(frame, new byte[frame.Length]);
            for (var bit = 0; bit < good.Length * 8; bit++)
            {
                var bad = good.ToArray();
                bad[bit / 8] ^= (byte)(1 << (bit % 8));
                Try(bad, $"bit {bit}");
            }

            for (var length = 0; length < good.Length; length++)
            {
                Try(good[..length], $"cut to {length}");
            }

            Try([.. good, 0], "one byte more");
            Try([.. good, (byte)random.Next(256), 1, 2, 3], "four bytes more");
            Try([.. good, .. good], "twice");
            Assert.That(isTaken(good.ToArray()), $"seed {seed}, datagram {n}, untouched: nothing tampered has moved the window");

            void Try(byte[] bad, string how)
            {
                tried++;
                if (isTaken(bad))
                {
                    Assert.Fail($"seed {seed}, datagram {n}, {how}: taken");
                }
            }
        }

        return tried;
    }
}

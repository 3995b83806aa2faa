using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

/// <summary>Floods in virtual time: counts and bounds of state, not times.</summary>
public sealed class FloodTests
{
    private const long Second = SecureWorld.Second;

    [Test]
    public void Answer_ForgedHellosWithoutTheKey_NothingAnsweredNothingRemembered()
    {
        using var world = new SecureWorld(1);
        world.Agree();
        var random = new SeededRandom(7);
        var recorded = world.Wire.First(w => w.Datagram[1] == HandshakeLayout.HelloType).Datagram;
        var answer = new byte[128];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++)
        {
            var forged = recorded.AsSpan();
            BinaryPrimitives.WriteUInt64BigEndian(forged[random.Next(8)..], random.NextUInt64());
            (forged[0], forged[1], forged[2]) = (2, 12, 3);
            BinaryPrimitives.WriteUInt64BigEndian(forged[8..], random.NextUInt64());
            Assert.That(world.Responder.Answer(forged, DatagramAddress.FromIPv4((uint)random.NextUInt64(), 1), world.Now, answer), Is.Zero);
        }

        Assert.That(world.Responder.Count, Is.EqualTo(1));
        Assert.That(world.Responder.Sources, Is.EqualTo(1), "the honest one");
        Assert.That(world.Responder.Computed, Is.EqualTo(1));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(20_000 * 800), "only the assertions of this test");
        world.Run(Second, Second / 10);
        Assert.That(world.LostToKeys, Is.Zero);
    }

    /// <summary>The worst insider: it has the common key and every address. A peer with its own key gets through, and the rest is bounded.</summary>
    [Test]
    public void Answer_InsiderWithEveryAddress_CookiesDemandedComputationBoundedGoodPeerGetsThrough()
    {
        using var world = new SecureWorld(1);
        using var keys = new PeerKeys("r0", "common", new Dictionary<uint, string> { [9] = "its own" });
        using var common = new PeerKey("common", "r0");
        using var own = new PeerKey("its own", "r0");
        var refusals = new RefusalCounters();
        var now = world.Now;
        using var responder = new HandshakeResponder(keys, 256, refusals, world.Guard, now);
        using var good = new InitiatorChannel(900, own, new RefusalCounters(), world.Guard, 1, now);
        using var flood = new Insider(common, responder);
        var (buffer, answer) = (new byte[256], new byte[128]);
        var goodAddress = DatagramAddress.FromIPv4(0xC0000209, 5);
        var demanded = 0;
        for (var ms = 0; ms < 3000; ms++)
        {
            now = new TunnelTime(now.MonotonicNs + SecureWorld.Millisecond, now.RealtimeNs + SecureWorld.Millisecond);
            demanded += flood.Strike(now);
            if (ms >= 1000 && good.DueNs <= now.MonotonicNs)
            {
                var length = good.WriteDue(buffer, now);
                length = HandshakeResponder.IsHello(buffer.AsSpan(0, length)) ? responder.Answer(buffer.AsSpan(0, length), goodAddress, now, answer) : 0;
                good.TryAccept(answer.AsSpan(0, length), now, out _);
            }
        }

        TestContext.Out.WriteLine($"{flood.Sent} HELLOs: {demanded} cookies, {responder.Computed} computed, {responder.Count} tunnels, {responder.Sources} sources, {refusals}");
        Assert.That(good.IsReady, "the good peer has keys");
        Assert.That(demanded, Is.GreaterThan(flood.Sent / 3));
        Assert.That(responder.Computed, Is.LessThanOrEqualTo(SecureLimits.TotalRate * 4), "200 each second and one burst of them");
        Assert.That(responder.Count, Is.LessThanOrEqualTo(257), "the table, and the peer with its own key on top");
        Assert.That(responder.Sources, Is.LessThanOrEqualTo(SecureLimits.Sources));
    }

    [Test]
    public void Answer_OnePeerOrOneSourceAsksOften_FiftyAPeerAndTwentyASourceEachSecond()
    {
        using var world = new SecureWorld(1);
        using var peers = new PeerKeys("r0", "common");
        using var common = new PeerKey("common", "r0");
        foreach (var (oneSource, limit) in new[] { (true, 25), (false, 50) })
        {
            var refusals = new RefusalCounters();
            var now = world.Now;
            using var responder = new HandshakeResponder(peers, 256, refusals, world.Guard, now);
            using var flood = new Insider(common, responder) { Tunnels = 100, Sources = oneSource ? 1 : 5000 };
            for (var ms = 0; ms < 1000; ms++)
            {
                now = new TunnelTime(now.MonotonicNs + SecureWorld.Millisecond, now.RealtimeNs + SecureWorld.Millisecond);
                flood.Strike(now);
            }

            Assert.That(responder.Computed, Is.InRange(limit - 2, limit), oneSource ? "one source" : "one peer");
            Assert.That(refusals[RefusalReason.HandshakeLimited], Is.GreaterThan(100));
        }
    }

    [Test]
    public void RateTable_MoreKeysThanPlaces_RefusedUntilOneIsIdle()
    {
        var table = new RateTable<uint>(100, 20, 5);
        for (var key = 0u; key < 100; key++)
        {
            Assert.That(table.TryTake(key, 0));
        }

        Assert.That(table.TryTake(200, 1), Is.False);
        Assert.That(table.Count, Is.EqualTo(100));
        Assert.That(table.TryTake(200, Second), "their buckets are full again and forgotten");
        Assert.That(table.Count, Is.EqualTo(1));
    }

    /// <summary>Sends three HELLOs a millisecond with a valid MAC, each from another address or tunnel, and uses every cookie it gets.</summary>
    private sealed class Insider(PeerKey key, HandshakeResponder responder) : IDisposable
    {
        private readonly SeededRandom _random = new(3);
        private readonly EphemeralKey _ephemeral = new();
        private readonly byte[] _answer = new byte[128];
        private long _timestamp = 1;

        public int Tunnels { get; init; } = 20_000;

        public int Sources { get; init; } = 100_000;

        public int Sent { get; private set; }

        public int Strike(in TunnelTime now)
        {
            var demanded = 0;
            for (var i = 0; i < 3; i++)
            {
                var tunnel = 10_000 + (uint)_random.Next(Tunnels);
                var source = DatagramAddress.FromIPv4(0x0A000000 + (uint)_random.Next(Sources), 1);
                var hello = new byte[HandshakeLayout.HelloSize];
                (hello[0], hello[1], hello[2]) = (2, HandshakeLayout.HelloType, 3);
                BinaryPrimitives.WriteUInt32BigEndian(hello.AsSpan(4), tunnel);
                _ephemeral.Point.CopyTo(hello.AsSpan(HandshakeLayout.HelloPoint));
                for (var turn = 0; turn < 2; turn++)
                {
                    BinaryPrimitives.WriteInt64BigEndian(hello.AsSpan(8), _timestamp++);
                    BinaryPrimitives.WriteUInt64BigEndian(hello.AsSpan(HandshakeLayout.HelloNonce), _random.NextUInt64());
                    key.WriteMac(hello);
                    Sent++;
                    if (responder.Answer(hello, source, now, _answer) != HandshakeLayout.CookieReplySize)
                    {
                        break;
                    }

                    demanded++;
                    _answer.AsSpan(HandshakeLayout.CookieValue, 16).CopyTo(hello.AsSpan(HandshakeLayout.HelloCookie));
                }
            }

            return demanded;
        }

        public void Dispose() => _ephemeral.Dispose();
    }
}

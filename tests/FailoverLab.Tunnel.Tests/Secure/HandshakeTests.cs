using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel.Tests;

public sealed class HandshakeTests
{
    [Test]
    public void Handshake_FirstOfARouter_CookieThenKeysInTwoRoundTrips()
    {
        using var world = new SecureWorld(1);
        world.Run(1);
        var start = world.NowNs;
        world.Agree();
        Assert.That(world.Wire.Select(w => w.Datagram[1]).Take(5), Is.EqualTo(new byte[] { 12, 14, 12, 13, 2 }), "HELLO, COOKIE, HELLO, HELLO_REPLY, and a keepalive that confirms");
        Assert.That(world.Wire.Select(w => w.Datagram.Length).Take(4), Is.EqualTo(new[] { 128, 56, 128, 120 }));
        Assert.That(world.NowNs - start, Is.LessThan(120 * SecureWorld.Millisecond), "five times 20 ms, in steps of 10 ms");
        Assert.That(world.Initiator.Agreement, Is.EqualTo(world.Answering!.Agreement));
        TestContext.Out.WriteLine(world.Initiator.Agreement);
    }

    [Test]
    public void Handshake_HelloOnTheWire_LaidOutAsDocumented()
    {
        using var world = new SecureWorld(1);
        world.Run(1);
        var hello = world.Wire[0].Datagram;
        Assert.That(hello[..2], Is.EqualTo(new byte[] { 2, 12 }));
        Assert.That(hello[2], Is.EqualTo((byte)CipherChoice.Offered));
        Assert.That(BinaryPrimitives.ReadUInt32BigEndian(hello.AsSpan(4)), Is.EqualTo(SecureWorld.TunnelId));
        Assert.That(BinaryPrimitives.ReadInt64BigEndian(hello.AsSpan(8)), Is.EqualTo(world.Now.RealtimeNs).Within(2));
        Assert.That(hello[96..112], Is.All.Zero, "no cookie yet");
    }

    [Test]
    public void Handshake_LossDuplicatesAndReordering_KeysAgreeAndDataFlows([Range(1UL, 60UL)] ulong seed)
    {
        using var world = new SecureWorld(seed) { Loss = 0.3, Duplicates = 0.3, JitterNs = 300 * SecureWorld.Millisecond };
        world.Run(20 * SecureWorld.Second, 50 * SecureWorld.Millisecond);
        Assert.That(world.Initiator.IsReady && world.Answering!.IsReady, $"seed {seed}");
        var before = world.Taken.ToArray();
        world.Run(5 * SecureWorld.Second, 50 * SecureWorld.Millisecond);
        Assert.That(world.Taken[0] - before[0], Is.InRange(40, 100), $"seed {seed}");
        Assert.That(world.Taken[1] - before[1], Is.InRange(40, 100), $"seed {seed}");
        Assert.That(world.TakenTwice, Is.Zero, $"seed {seed}");
        Assert.That(world.LostToKeys, Is.Zero, $"seed {seed}: {world.InitiatorRefusals}; {world.ResponderRefusals}");
    }

    [TestCase("another key", "r0")]
    [TestCase("a key of a test", "r1")]
    public void Handshake_AnotherKeyOrRouter_NothingAnswered(string key, string responder)
    {
        using var world = new SecureWorld(1);
        using var stranger = new SecureWorld(2, key, responder);
        stranger.Run(1);
        var answer = new byte[128];
        Assert.That(world.Responder.Answer(stranger.Wire[0].Datagram, world.Address, world.Now, answer), Is.Zero);
        Assert.That(world.ResponderRefusals[RefusalReason.BadTag], Is.EqualTo(1));
        Assert.That(world.Responder.Count, Is.Zero);
    }

    [Test]
    public void Handshake_EveryBitOfEveryMessageFlipped_NoneGivesKeys()
    {
        for (var message = 0; message < 4; message++)
        {
            for (var bit = 0; bit < HandshakeLayout.HelloSize * 8; bit += 3)
            {
                using var world = new SecureWorld(1);
                world.Run(1);
                while (world.Wire.Count <= message)
                {
                    world.Deliver(world.Wire[^1].ToResponder, world.Wire[^1].Datagram);
                    world.Run(1);
                }

                var (toResponder, good) = world.Wire[message];
                if (bit / 8 >= good.Length)
                {
                    continue;
                }

                var bad = good.ToArray();
                bad[bit / 8] ^= (byte)(1 << (bit % 8));
                var sent = world.Wire.Count;
                Assert.That(world.Deliver(toResponder, bad), Is.False);
                world.Run(1);
                Assert.That(world.Wire, Has.Count.EqualTo(sent), $"message {message}, bit {bit}: answered");
                Assert.That(world.Initiator.IsReady, Is.False, $"message {message}, bit {bit}: keys");
            }
        }
    }

    [TestCase(1, 1, "AES-256-GCM")]
    [TestCase(3, 2, "ChaCha20-Poly1305")]
    [TestCase(2, 3, "ChaCha20-Poly1305")]
    [TestCase(1, 2, null)]
    public void Handshake_SuitesOfEachSide_BestCommonOneOrNone(int ours, int theirs, string? expected)
    {
        using var world = new SecureWorld(1);
        var refusals = new RefusalCounters();
        using var responder = new HandshakeResponder(world.Keys, 8, refusals, world.Guard, world.Now, (CipherSuites)theirs);
        using var initiator = new InitiatorChannel(SecureWorld.TunnelId, world.Key, refusals, world.Guard, 1, world.Now, (CipherSuites)ours);
        var (hello, answer) = (new byte[128], new byte[128]);
        for (var i = 0; i < 2; i++)
        {
            initiator.WriteDue(hello, world.Now);
            var length = responder.Answer(hello, world.Address, world.Now, answer);
            initiator.TryAccept(answer.AsSpan(0, length), world.Now, out _);
        }

        Assert.That(initiator.Agreement?.Split(',')[0], Is.EqualTo(expected));
    }

    [Test]
    public void Handshake_InitiatorsClockSetBackAcrossRestart_CookieProvesFreshness()
    {
        using var world = new SecureWorld(1);
        world.Agree();
        world.ClockOffsetNs -= 3600 * SecureWorld.Second;
        world.StartInitiator();
        world.Agree();
        Assert.That(world.ResponderRefusals[RefusalReason.CookieDemanded], Is.EqualTo(2), "one for the first run, one for the clock");
    }

    [Test]
    public void Handshake_RouterRestarts_SilenceBringsNewKeys()
    {
        using var world = new SecureWorld(1);
        world.Agree();
        world.StartResponder();
        world.Run(SecureWorld.Second, 10 * SecureWorld.Millisecond);
        Assert.That(world.Answering, Is.Null, "data under keys it does not know makes it remember nothing");
        world.Initiator.OnSilence(world.Now);
        world.Agree();
        var lost = world.LostToKeys;
        world.Run(SecureWorld.Second, 10 * SecureWorld.Millisecond);
        Assert.That(world.LostToKeys, Is.EqualTo(lost));
    }

    [Test]
    public void Handshake_OwnKeyOfAPeer_CommonKeyNoLongerServesIt()
    {
        using var world = new SecureWorld(1);
        using var keys = new PeerKeys("r0", "a key of a test", new Dictionary<uint, string> { [SecureWorld.TunnelId / 100] = "its own" });
        using var responder = new HandshakeResponder(keys, 8, world.ResponderRefusals, world.Guard, world.Now);
        world.Run(1);
        var answer = new byte[128];
        Assert.That(responder.Answer(world.Wire[0].Datagram, world.Address, world.Now, answer), Is.Zero, "under the common key");
        using var own = new PeerKey("its own", "r0");
        using var initiator = new InitiatorChannel(SecureWorld.TunnelId, own, world.InitiatorRefusals, world.Guard, 1, world.Now);
        var hello = new byte[128];
        initiator.WriteDue(hello, world.Now);
        Assert.That(responder.Answer(hello, world.Address, world.Now, answer), Is.EqualTo(56), "under its own");
    }

    [Test]
    public void Cookie_OtherAddressPortTunnelOrLater_NotTaken()
    {
        using var jar = new CookieJar(0);
        var source = DatagramAddress.FromIPv4(0xC0000201, 1000);
        var cookie = new byte[16];
        jar.Write(cookie, source, 7, 0, 0);
        Assert.That(jar.Verify(cookie, source, 7, 0, 119 * SecureWorld.Second));
        Assert.That(jar.Verify(cookie, DatagramAddress.FromIPv4(0xC0000201, 1001), 7, 0, 0), Is.False);
        Assert.That(jar.Verify(cookie, DatagramAddress.FromIPv4(0xC0000202, 1000), 7, 0, 0), Is.False);
        Assert.That(jar.Verify(cookie, source, 8, 0, 0), Is.False);
        Assert.That(jar.Verify(cookie, source, 7, 1, 0), Is.False, "it serves one handshake");
        Assert.That(jar.Verify(cookie, source, 7, 0, 239 * SecureWorld.Second), "under the former secret");
        Assert.That(jar.Verify(cookie, source, 7, 0, 240 * SecureWorld.Second), Is.False);
        Assert.That(jar.Verify(new byte[16], source, 7, 0, 0), Is.False);
    }

    [Test]
    public void Seal_ManyDatagramsBothWays_AllocatesNothingAndKeepsThePayload()
    {
        using var world = new SecureWorld(1);
        world.Agree();
        var (frame, room) = (new byte[TunnelHeader.Size + 1400], new byte[2048]);
        frame.AsSpan(TunnelHeader.Size).Fill(0x5A);
        Exchange(200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(3000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(frame[TunnelHeader.Size..], Is.All.EqualTo(0x5A), "so that it can be sealed for another tunnel too");

        void Exchange(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Pass(world.Initiator, world.Answering!);
                Pass(world.Answering!, world.Initiator);
            }
        }

        void Pass(ITunnelChannel from, ITunnelChannel to)
        {
            var datagram = from.Seal(frame, PacketType.Data, true, world.Now, room);
            var writable = room.AsSpan(0, datagram.Length);
            if (datagram.Length != frame.Length || writable[40] == 0x5A && writable[41] == 0x5A && writable[42] == 0x5A
                || !to.TryAccept(writable, world.Now, out var header) || header.Flags != 1 || writable[32..].ContainsAnyExcept((byte)0x5A))
            {
                Assert.Fail("not encrypted, not taken, or not what was sent");
            }
        }
    }
}

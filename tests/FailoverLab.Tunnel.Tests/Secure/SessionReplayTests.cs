using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel.Tests;

/// <summary>A whole recorded session thrown back, in order and reversed: nothing of it is taken, wherever and whenever.</summary>
public sealed class SessionReplayTests
{
    private const long Second = SecureWorld.Second;

    /// <summary>Two rekeys long, with loss, so that the recorder holds datagrams that never arrived too.</summary>
    private static SecureWorld Record(bool everythingArrives = true)
    {
        var world = new SecureWorld(1) { Loss = everythingArrives ? 0 : 0.2 };
        world.Run(270 * Second, Second / 4);
        world.Loss = 0;
        world.Run(Second);
        Assert.That(world.Wire, Has.Count.GreaterThan(2000));
        return world;
    }

    [Test]
    public void Version2_ThrownBackToItsReceiver_NothingTaken([Values] bool reversed)
    {
        using var world = Record();
        AssertNothingTaken(world, world, reversed, d => d.ToResponder);
    }

    [Test]
    public void Version2_ThrownBackToItsSender_NothingTaken([Values] bool reversed)
    {
        using var world = Record(everythingArrives: false);
        AssertNothingTaken(world, world, reversed, d => !d.ToResponder);
    }

    [Test]
    public void Version2_ThrownAtAnotherPairOfTheSameKey_NothingTaken([Values] bool reversed)
    {
        using var world = Record(everythingArrives: false);
        using var other = new SecureWorld(2);
        other.Agree();
        AssertNothingTaken(world, other, reversed, d => d.ToResponder);
    }

    [Test]
    public void Version2_ThrownAtAnotherTunnel_NothingTaken()
    {
        using var world = Record(everythingArrives: false);
        using var other = new InitiatorChannel(SecureWorld.TunnelId + 1, world.Key, world.InitiatorRefusals, world.Guard, 1, world.Now);
        foreach (var (_, datagram) in world.Wire)
        {
            foreach (var id in (byte[])[(byte)(SecureWorld.TunnelId & 255), (byte)((SecureWorld.TunnelId + 1) & 255)])
            {
                var copy = datagram.ToArray();
                copy[7] = id;
                Assert.That(other.TryAccept(copy, world.Now, out _), Is.False);
            }
        }
    }

    [Test]
    public void Version2_AfterRestartOfOneSide_NothingTakenAndNothingButCookiesAnswered([Values] bool initiator, [Values] bool reversed)
    {
        using var world = Record(everythingArrives: false);
        if (initiator)
        {
            world.StartInitiator();
        }
        else
        {
            world.StartResponder();
        }

        var computed = world.Responder.Computed;
        var recorded = world.Wire.Count;
        AssertNothingTaken(world, world, reversed, d => d.ToResponder, late: d => d.ToResponder == initiator && d.Datagram[1] <= 10);
        Assert.That(world.Responder.Computed, Is.EqualTo(computed), "no recorded HELLO costs a key");
        Assert.That(world.Wire.Skip(recorded).Select(w => w.Datagram[1]), Is.All.EqualTo(HandshakeLayout.CookieType));
        Assert.That(initiator || world.Responder.Count == 0, "nothing is remembered of recorded HELLOs");
        world.Initiator.OnSilence(world.Now);
        world.Agree();
        world.Run(Second, Second / 10);
        AssertNothingTaken(world, world, reversed, d => d.ToResponder, recorded);
    }

    [Test]
    public void Version2_ThrownBackWhileKeysChange_NeitherTakenNorInTheWay()
    {
        using var world = new SecureWorld(3);
        world.Agree();
        for (var i = 0; i < 130; i++)
        {
            world.Run(2 * Second, Second / 20);
            var taken = world.Taken.Sum();
            foreach (var (toResponder, datagram) in world.Wire.ToArray()[^80..^10])
            {
                world.Deliver(toResponder, datagram);
                world.Deliver(!toResponder, datagram);
            }

            Assert.That(world.Taken.Sum(), Is.EqualTo(taken), $"round {i}");
        }

        Assert.That((world.LostToKeys, world.Unsendable), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Version1_WholeSession_NothingTakenByAnyoneOfTheSameKeyAndTunnel([Values] bool reversed, [Values] bool receiverRestarts, [Values] bool senderRestarts)
    {
        using var seal = new DatagramSeal("k");
        var refusals = new RefusalCounters();
        var now = new TunnelTime(0, 1_700_000_000_000_000_000);
        var (sender, receiver) = (new TunnelChannel(7, seal, refusals, now.StampMs), new TunnelChannel(7, seal, refusals, now.StampMs));
        var recorded = new List<byte[]>();
        Pass(3000);
        if (senderRestarts)
        {
            now = new TunnelTime(0, now.RealtimeNs + 1_000_000);
            sender = new TunnelChannel(7, seal, refusals, now.StampMs);
            Pass(500);
        }

        if (receiverRestarts)
        {
            now = new TunnelTime(0, now.RealtimeNs + 1_000_000);
            receiver = new TunnelChannel(7, seal, refusals, now.StampMs);
        }

        foreach (var datagram in reversed ? Enumerable.Reverse(recorded) : recorded)
        {
            Assert.That(receiver.TryAccept(datagram.ToArray(), now, out _), Is.False);
        }

        void Pass(int count)
        {
            for (var i = 0; i < count; i++)
            {
                now = new TunnelTime(0, now.RealtimeNs + 1_000_000);
                var datagram = sender.Seal(new byte[TunnelHeader.Size + 8], PacketType.Data, false, now, []).ToArray();
                recorded.Add(datagram);
                Assert.That(receiver.TryAccept(datagram.ToArray(), now, out _), "the session itself");
            }
        }
    }

    private static void AssertNothingTaken(SecureWorld from, SecureWorld at, bool reversed, Func<(bool ToResponder, byte[] Datagram), bool> receiver, int? only = null, Func<(bool ToResponder, byte[] Datagram), bool>? late = null)
    {
        var all = from.Wire.Take(only ?? from.Wire.Count).ToArray();
        if (late is not null)
        {
            // What never arrived and is still under valid keys is not a replay; it arrives first, late.
            Array.ForEach(all.Where(late).ToArray(), d => at.Deliver(d.ToResponder, d.Datagram));
        }

        if (reversed)
        {
            Array.Reverse(all);
        }

        var taken = at.Taken.Sum();
        foreach (var item in all)
        {
            at.Deliver(receiver(item), item.Datagram, DatagramAddress.FromIPv4(0xC0000299, 9));
        }

        Assert.That(at.Taken.Sum(), Is.EqualTo(taken));
    }
}

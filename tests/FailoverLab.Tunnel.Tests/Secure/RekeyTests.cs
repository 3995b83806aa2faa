namespace FailoverLab.Tunnel.Tests;

public sealed class RekeyTests
{
    private const long Second = SecureWorld.Second;
    private const long Millisecond = SecureWorld.Millisecond;

    [Test]
    public void Rekey_ThirtyPercentLossBothWays_NoDataLostToKeys([Range(1UL, 8UL)] ulong seed)
    {
        using var world = new SecureWorld(seed);
        world.Agree();
        (world.Loss, world.Duplicates, world.JitterNs) = (0.3, 0.1, 100 * Millisecond);
        world.Run(1000 * Second, 50 * Millisecond);
        var handshakes = world.Answering!.Handshakes;
        Assert.That((world.LostToKeys, world.Unsendable, world.TakenTwice), Is.EqualTo((0, 0, 0)), $"seed {seed}: {world.InitiatorRefusals}; {world.ResponderRefusals}");
        Assert.That(handshakes, Is.InRange(8UL, 12UL), $"seed {seed}: one each 120 s");
        Assert.That(world.Taken.Sum(), Is.InRange(27_000, 29_000), "70 % of 40,000, as much as the link let through");
    }

    [Test]
    public void Rekey_QuietWire_NewKeysEvery120SecondsAndOldOnesForgotten()
    {
        using var world = new SecureWorld(1);
        world.Agree();
        var first = world.Seal(world.Initiator)!;
        world.Run(119 * Second, Second);
        Assert.That(world.Answering!.Handshakes, Is.EqualTo(1));
        world.Run(2 * Second, Second);
        Assert.That(world.Answering.Handshakes, Is.EqualTo(2));
        var second = world.Seal(world.Initiator)!;
        Assert.That(second[3], Is.Not.EqualTo(first[3]), "epoch");
        Assert.That(world.Deliver(true, first), "never seen, and the previous keys are still taken");
        var late = world.Seal(world.Initiator)!;
        late[3] = first[3];
        world.Run(11 * Second, Second);
        Assert.That(world.Deliver(true, late), Is.False);
        Assert.That(world.ResponderRefusals[RefusalReason.UnknownKeys], Is.EqualTo(1), "ten seconds after the change they are gone");
    }

    [Test]
    public void Rekey_ResponderUnreachable_NothingSentNorTakenUnderOldKeys()
    {
        using var world = new SecureWorld(1);
        world.Agree();
        world.Run(Second, Second / 10);
        var fresh = world.Seal(world.Answering)!;
        world.Loss = 1;
        world.Run(163 * Second, Second);
        Assert.That(world.Unsendable, Is.Zero);
        world.Run(2 * Second);
        Assert.That(world.Seal(world.Initiator), Is.Null, "165 s");
        world.Run(15 * Second);
        Assert.That(world.Deliver(false, fresh), Is.False, "180 s");
        Assert.That(world.Initiator.IsReady, Is.False);
        world.Loss = 0;
        world.Agree();
        Assert.That(world.Wire.Count(w => w.Datagram[1] == 12), Is.InRange(80, 130), "two HELLOs a second from the 120th on, with jitter");
    }

    [Test]
    public void Rekey_HighestReceived_CountsOnOverKeys()
    {
        using var world = new SecureWorld(1);
        world.Agree();
        world.Run(300 * Second, 100 * Millisecond);
        Assert.That(world.Answering!.Handshakes, Is.EqualTo(3));
        Assert.That(world.Answering.HighestReceived + 1, Is.EqualTo(world.Answering.Received).Within(1));
        Assert.That(world.Answering.Received, Is.EqualTo(3000).Within(10));
    }

    /// <summary>Crashes anywhere, also within a handshake: <see cref="SecureWorld.Seal"/> fails on any key stream that is used twice.</summary>
    [Test]
    public void Nonce_CrashesAndRestartsAnywhere_NeverUsedTwice([Range(1UL, 12UL)] ulong seed)
    {
        using var world = new SecureWorld(seed) { Loss = 0.1, Duplicates = 0.1, JitterNs = 50 * Millisecond };
        for (var i = 0; i < 40; i++)
        {
            world.Run(world.Random.Next(i % 5 == 0 ? 200_000 : 700) * Millisecond, 20 * Millisecond + (world.Random.Next(30) * Millisecond));
            switch (world.Random.Next(4))
            {
                case 0:
                    world.StartInitiator();
                    break;
                case 1:
                    world.StartResponder();
                    break;
                default:
                    world.Initiator.OnSilence(world.Now);
                    break;
            }
        }

        Assert.That(world.TakenTwice, Is.Zero);
        Assert.That(world.Taken.Sum(), Is.GreaterThan(1000), $"seed {seed}: data flowed meanwhile");
    }
}

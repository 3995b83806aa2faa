namespace FailoverLab.Tunnel.Tests;

/// <summary>
/// A program that stands still for a moment takes no path down with it: not its own, and not its peer's view of them. All paths are watched as closely
/// as the working one; where the others are asked seldom, they are taken for alive for want of another word, and a pause that looks like the working path's death moves the traffic.
/// </summary>
public sealed class PauseTests
{
    private const long Millisecond = 1_000_000;

    [Test]
    public void Endpoint_StandsStill_NothingMovesEitherWay([Values(15, 30, 45, 70, 120, 200)] int pauseMs, [Values(1, 2)] int version)
    {
        AssertNothingMoves(0, pauseMs, version);
    }

    [Test]
    public void Router_StandsStillForLessThanDetection_NothingMovesEitherWay([Values(15, 30, 40)] int pauseMs, [Values(1, 2)] int version)
    {
        AssertNothingMoves(1, pauseMs, version);
    }

    /// <summary>The other router is gone, so all that is left is to wait for this one: the first path on which it is heard again is not to win.</summary>
    [Test]
    public void Router_StandsStillForLongerThanDetection_WorkingPathIsKept([Values(70, 120, 200)] int pauseMs)
    {
        AssertNothingMoves(1, pauseMs, 1, withSecondRouter: false);
    }

    [Test]
    public void Endpoint_PathDiesWhileItStandsStill_LeftWithinThePauseTheRoundTripAndDetection([Values(1, 30, 59)] int beforeMs)
    {
        for (var phase = 0; phase < 40; phase++)
        {
            using var world = Settled(phase, 1);
            world.Disturb(new Disturbance(0, DisturbanceKind.Pause, 0, 60));
            world.RunUntil(world.NowNs + ((60 - beforeMs) * Millisecond));
            var cutNs = world.NowNs;
            world.Disturb(new Disturbance(0, DisturbanceKind.Cut, 0, 0));
            world.RunUntil(world.NowNs + (1000 * Millisecond));
            Assert.That(world.Switches, Has.Count.EqualTo(2), $"phase {phase}\n{world.Story()}");
            Assert.That(world.Switches[1] - cutNs, Is.LessThan((beforeMs + 40 + 60 + 20 + 5) * Millisecond), $"phase {phase}\n{world.Story()}");
        }
    }

    /// <summary>Who says again and again that he stood still is believed for that time only: a dead path is found in the end.</summary>
    [Test]
    public void Endpoint_StandsStillAgainAndAgain_DeadPathIsLeft()
    {
        using var world = Settled(3, 1);
        world.Disturb(new Disturbance(0, DisturbanceKind.Cut, 0, 0));
        for (var i = 0; i < 12; i++)
        {
            world.Disturb(new Disturbance(0, DisturbanceKind.Pause, 0, 30));
            world.RunUntil(world.NowNs + (50 * Millisecond));
        }

        Assert.That(world.Switches, Has.Count.EqualTo(2), world.Story());
    }

    /// <summary>Both paths to the router are silent then, one for good. The second copy still goes over the other, and waits there.</summary>
    [Test]
    public void Router_StandsStillWhileOnePathDies_DuplicateLosesNothing([Values(70, 120)] int pauseMs)
    {
        for (var phase = 0; phase < 40; phase++)
        {
            using var world = new TunnelWorld(1, DataMode.Duplicate) { PacketIntervalNs = 2 * Millisecond };
            world.Disturb(new Disturbance(0, DisturbanceKind.Kill, 1, 0));
            world.Disturb(new Disturbance(0, DisturbanceKind.Cut, 2, 0));
            world.RunUntil(world.NowNs + (2000 * Millisecond) + (phase * Millisecond));
            var sentBefore = world.PacketsSent;
            world.Disturb(new Disturbance(0, DisturbanceKind.Cut, 0, 0));
            world.RunUntil(world.NowNs + (5 * Millisecond));
            world.Disturb(new Disturbance(0, DisturbanceKind.Pause, 1, pauseMs));
            world.RunUntil(world.NowNs + (600 * Millisecond));
            var (from, to) = (sentBefore, world.PacketsSent - 100);
            Assert.That(to - from, Is.GreaterThan(150));
            for (var number = from; number < to; number++)
            {
                Assert.That((world.Delivered.Contains(number), world.HasAnswer(number)), Is.EqualTo((true, true)), $"phase {phase}, packet {number}\n{world.Story()}");
            }
        }
    }

    private static TunnelWorld Settled(int phase, int version, bool withSecondRouter = true)
    {
        var world = new TunnelWorld(1, version: version, pacing: KeepalivePacing.Default with { StandbyMultiple = 1 });
        if (!withSecondRouter)
        {
            world.Disturb(new Disturbance(0, DisturbanceKind.Kill, 1, 0));
        }

        world.RunUntil(world.NowNs + (2000 * Millisecond) + (phase * Millisecond));
        Assert.That(world.Switches, Has.Count.EqualTo(1), world.Story());
        return world;
    }

    /// <summary>At any phase of the keepalives.</summary>
    private static void AssertNothingMoves(int program, int pauseMs, int version, bool withSecondRouter = true)
    {
        for (var phase = 0; phase < 40; phase++)
        {
            using var world = Settled(phase, version, withSecondRouter);
            world.Disturb(new Disturbance(0, DisturbanceKind.Pause, program, pauseMs));
            world.RunUntil(world.NowNs + (1000 * Millisecond));
            var moved = world.Events.Where(e => e.Event.Name is StackEventNames.SwitchDecided || (e.Event.Name is StackEventNames.ReverseMoved && e.Event.Reason != "activation")).Select(e => e.Event.Name);
            Assert.That(moved, Is.EqualTo([StackEventNames.SwitchDecided]), $"phase {phase}\n{world.Story()}");
        }
    }
}

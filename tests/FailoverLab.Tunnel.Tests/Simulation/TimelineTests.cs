using System.Collections.Concurrent;
using System.Diagnostics;

namespace FailoverLab.Tunnel.Tests;

/// <summary>Thousands of seeded fault timelines in virtual time. A failing one is shrunk and printed as a test case for <see cref="Engines_OneTimeline_HoldsToo"/>.</summary>
public sealed class TimelineTests
{
    private const int Timelines = 10_000;
    private const long Millisecond = 1_000_000;

    [Test]
    public void Engines_RandomFaults_EveryInvariantHolds()
    {
        var failed = new ConcurrentBag<Timeline>();
        var (before, started) = (TimelineRun.TotalNs, Stopwatch.GetTimestamp());
        Parallel.For(1, Timelines + 1, (seed, state) =>
        {
            var timeline = Timeline.Draw((ulong)seed);
            if (Fails(timeline))
            {
                failed.Add(timeline);
                state.Break();
            }
        });
        var (virtualSeconds, seconds) = ((TimelineRun.TotalNs - before) / 1e9, Stopwatch.GetElapsedTime(started).TotalSeconds);
        TestContext.Out.WriteLine($"seeds 1 to {Timelines}: {virtualSeconds:0} s of virtual time in {seconds:0.0} s, {virtualSeconds / seconds:0} times real time");
        if (failed.MinBy(t => t.Seed) is { } first)
        {
            var smallest = TimelineShrinker.Shrink(first, Fails);
            Assert.Fail($"{failed.Count} failed; the first, shrunk:\n{TimelineRun.Violation(smallest)}");
        }
    }

    [Test]
    public void Engines_RandomFaultsWithVersion2_EveryInvariantHolds()
    {
        var failed = new ConcurrentBag<Timeline>();
        Parallel.For(1, (Timelines / 50) + 1, (seed, state) =>
        {
            var timeline = Timeline.Draw((ulong)seed) with { Version = 2 };
            if (Fails(timeline))
            {
                failed.Add(timeline);
                state.Break();
            }
        });
        if (failed.MinBy(t => t.Seed) is { } first)
        {
            Assert.Fail($"{failed.Count} failed; the first, shrunk:\n{TimelineRun.Violation(TimelineShrinker.Shrink(first, Fails))}");
        }
    }

    [TestCase("20; Plain; priority; fixed; 315 Loss 0 20", Description = "a lossy path seen seldom looked clean and was returned to again and again")]
    [TestCase("29; Adaptive; priority; fixed; 263 Replay 0 11; 2516 Replay 0 1", Description = "what was recorded on the way to one router was fresh at the other")]
    [TestCase("36; Duplicate; score; fixed; 1408 Heal 2 0; 1467 Start 0 0", Description = "the second copy of an answer came after the router had begun a new run")]
    [TestCase("7477; Replay; priority; fixed; 455 LoseAcks 0 5; 600 Loss 0 45", Description = "a very lossy path is returned to a few times and left again")]
    [TestCase("118; Plain; priority; fixed; 227 ClockJump 0 -3", Description = "a clock that stepped back behind the receiver's start silenced the endpoint")]
    [TestCase("1344; Plain; score; fixed; 416 LinkDown 2 0; 2282 Heal 0 0; 2375 Loss 1 25; 2830 Replay 0 46", Description = "a reflected datagram began a new epoch and spoilt the counts")]
    [TestCase("3621; Duplicate; priority; fixed; 602 Start 0 0", Description = "a keepalive of the run before that came late began that run again")]
    [TestCase("273; Weighted; score; balancer; 671 Loss 2 59; 3018 Balancer 1 0; 3452 Restart 0 0", Description = "an activation of the run before that came late voided all of the new run's")]
    public void Engines_OneTimeline_HoldsToo(string text)
    {
        Assert.That(TimelineRun.Violation(Timeline.Parse(text)), Is.Null);
        Assert.That(TimelineRun.Violation(Timeline.Parse(text) with { Version = 2 }), Is.Null);
    }

    [TestCase(DataMode.Duplicate)]
    [TestCase(DataMode.Replay)]
    public void Engines_WorkingPathDies_NothingIsLost(DataMode mode)
    {
        var failed = new ConcurrentBag<string>();
        Parallel.For(1, 201, seed =>
        {
            using var world = new TunnelWorld((ulong)seed, mode) { PacketIntervalNs = 2 * Millisecond };
            world.RunUntil(world.NowNs + (800 * Millisecond));
            var first = world.PacketsSent;
            for (var cut = 0; cut < 3; cut++)
            {
                var path = world.Endpoint.ActiveTunnel % TunnelWorld.Paths;
                world.Disturb(new Disturbance(0, (DisturbanceKind)world.Random.Next(3), path, 0));
                world.RunUntil(world.NowNs + ((600 + world.Random.Next(300)) * Millisecond));
                world.Disturb(new Disturbance(0, DisturbanceKind.Heal, path, 0));
                world.RunUntil(world.NowNs + ((900 + world.Random.Next(300)) * Millisecond));
            }

            if (LossSince(first, world) is { } loss)
            {
                failed.Add($"seed {seed}: {loss}\n{world.Story()}");
            }
        });
        Assert.That(failed, Is.Empty, failed.FirstOrDefault());
    }

    [Test]
    public void Engines_WorkingPathLosesPackets_ReturnTrafficDoesNotGoToAndFro()
    {
        const int Runs = 300;
        var restless = new ConcurrentBag<string>();
        Parallel.For(1, Runs + 1, seed =>
        {
            using var world = new TunnelWorld((ulong)seed);
            world.RunUntil(world.NowNs + (800 * Millisecond));
            world.Disturb(new Disturbance(0, DisturbanceKind.Loss, world.Endpoint.ActiveTunnel % TunnelWorld.Paths, 15));
            world.RunUntil(world.NowNs + (1500 * Millisecond));
            if (world.Events.Exists(e => e.Event is { Name: StackEventNames.ReverseMoved, Reason: "tunnel-recovered" }))
            {
                restless.Add($"seed {seed}\n{world.Story()}");
            }
        });
        Assert.That(restless, Has.Count.LessThan(Runs / 50), restless.FirstOrDefault());
    }

    [Test]
    public void Engines_WorkingPathDiesAfterTheOtherFalteredForAMoment_DuplicatesLoseNothing()
    {
        var failed = new ConcurrentBag<string>();
        Parallel.For(1, 201, seed =>
        {
            using var world = new TunnelWorld((ulong)seed, DataMode.Duplicate) { PacketIntervalNs = 2 * Millisecond };
            world.Disturb(new Disturbance(0, DisturbanceKind.LinkDown, 2, 0));
            world.RunUntil(world.NowNs + (1500 * Millisecond));
            var first = world.PacketsSent;
            var active = world.Endpoint.ActiveTunnel % TunnelWorld.Paths;

            // Long enough that a keepalive is missed (30 ms), far too short to be dead (60 ms).
            world.Disturb(new Disturbance(0, DisturbanceKind.Cut, 1 - active, 0));
            world.RunUntil(world.NowNs + ((31 + world.Random.Next(8)) * Millisecond));
            world.Disturb(new Disturbance(0, DisturbanceKind.Heal, 1 - active, 0));
            world.RunUntil(world.NowNs + ((15 + world.Random.Next(40)) * Millisecond));
            world.Disturb(new Disturbance(0, DisturbanceKind.Cut, active, 0));
            world.RunUntil(world.NowNs + (600 * Millisecond));
            if (LossSince(first, world) is { } loss)
            {
                failed.Add($"seed {seed}: {loss}\n{world.Story()}");
            }
        });
        Assert.That(failed, Is.Empty, $"{failed.Count}; {failed.FirstOrDefault()}");
    }

    [Test]
    public void Draw_AnySeed_TextIsTheWholeTimeline()
    {
        for (var seed = 1UL; seed <= 500; seed++)
        {
            var text = Timeline.Draw(seed).ToString();
            Assert.That(Timeline.Parse(text).ToString(), Is.EqualTo(text));
        }
    }

    [Test]
    public void Shrink_OneDisturbanceMatters_OnlyThatIsLeft()
    {
        var timeline = Enumerable.Range(1, 1000).Select(s => Timeline.Draw((ulong)s)).First(t => t.Disturbances.Count >= 5 && t.Disturbances.Any(d => d.Kind == DisturbanceKind.Restart));

        var smallest = TimelineShrinker.Shrink(timeline, t => t.Disturbances.Any(d => d.Kind == DisturbanceKind.Restart));

        Assert.That(smallest.ToString(), Is.EqualTo($"{timeline.Seed}; Plain; priority; fixed; {smallest.Disturbances[0].AtMs} Restart 0 0"));
        Assert.That(smallest.Disturbances[0].AtMs, Is.LessThanOrEqualTo(245));
    }

    /// <summary>What was lost of the inner packets sent from one on until now; <see langword="null"/> when nothing was.</summary>
    private static string? LossSince(ulong first, TunnelWorld world)
    {
        var sent = world.PacketsSent;
        world.RunUntil(world.NowNs + (100 * Millisecond));
        var numbers = Enumerable.Range((int)first, (int)(sent - first)).Select(n => (ulong)n).ToArray();
        var (lost, unanswered) = (numbers.Count(n => !world.Delivered.Contains(n)), numbers.Count(n => !world.HasAnswer(n)));
        return lost > 0 || unanswered > 0 ? $"{lost} packets lost, {unanswered} without answer" : null;
    }

    private static bool Fails(Timeline timeline) => TimelineRun.Violation(timeline) is not null;
}

using FailoverLab.Primitives;
using FailoverLab.Scenarios;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab.Tests;

public sealed class SteeredLinkTests
{
    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    [Test]
    public void Told_LongerDelay_TellsTheQueueThatGrewWithIt()
    {
        var link = Link(LinkChange.Good with { Rate = new DataRate(20_000_000) });

        Assert.That(link.Told(Step(new() { Loss = new(0.1) })), Is.EqualTo(new[] { (LinkDirections.Both, new LinkChange { Loss = new(0.1) }) }));
        Assert.That(link.Told(Step(new() { Delay = Ms(300) })).Single().Change.Queue!.Time, Is.EqualTo(Ms(300)));
        Assert.That(link.Told(Step(new() { Delay = Ms(20) })).Single().Change.Queue, Is.EqualTo(QueuePlan.Default));
        Assert.That(link.Told(Step(new() { Queue = new() { Time = Ms(350) } })).Single().Change.Queue!.Time, Is.EqualTo(Ms(350)));
        Assert.That(link.Told(Step(new() { Delay = Ms(900) })).Single().Change.Queue, Is.Null, "somebody asked for it");
    }

    [Test]
    public void Told_DirectionsWithDifferentQueues_TellsEachItsOwn()
    {
        var link = Link(LinkChange.Good, LinkChange.Good with { Queue = new() { Packets = 50 } });

        var told = link.Told(Step(new() { Delay = Ms(300) }));

        Assert.That(told.Select(t => (t.Directions, t.Change.Delay, t.Change.Queue?.Time)), Is.EqualTo(new (LinkDirections, TimeSpan?, TimeSpan?)[]
        {
            (LinkDirections.Up, Ms(300), Ms(300)), (LinkDirections.Down, Ms(300), null),
        }));
        Assert.That(link.Told(Step(new() { Drop = true }, LinkDirection.Down)).Single().Directions, Is.EqualTo(LinkDirections.Down));
    }

    /// <summary>The emulator has gone step by step to where the state of all steps together says: what is read back can be held against what is asked.</summary>
    [Test]
    public void Told_ManyStepsInARow_EmulatorIsWhereTheStateSays([Range(1, 20)] int seed)
    {
        var random = new SeededRandom((ulong)seed);
        LinkChange up = LinkChange.Good, down = LinkChange.Good;
        var now = LinkSettings.Of(up, 1);
        for (var i = 0; i < 50; i++)
        {
            var change = Some[(int)(random.NextUInt64() % (ulong)Some.Length)];
            foreach (var (_, told) in SteeredLink.Told(ref up, ref down, Step(change, LinkDirection.Up)))
            {
                now = LinkSettings.Change(now, told, 1);
            }

            Assert.That(now, Is.EqualTo(LinkSettings.Of(up, 1)), $"step {i}: {change}");
        }
    }

    private static readonly LinkChange[] Some =
    [
        new() { Loss = new(0.1) }, new() { LossModel = new EveryNthLossPlan(5) }, new() { Delay = Ms(30) }, new() { Jitter = Ms(7) }, new() { Delay = Ms(5), Jitter = Ms(1) },
        new() { DelayModel = new UniformDelayPlan(Ms(10), Ms(30)) }, new() { DelayModel = new NormalDelayPlan(Ms(40), Ms(5)) }, new() { DelayModel = new TableDelayPlan([Ms(1), Ms(2), Ms(9)]) },
        new() { Rate = new DataRate(1_000_000) }, new() { Rate = LinkChange.Unlimited }, new() { Queue = new() { Packets = 50 } }, new() { Queue = new() { Time = Ms(70), Drop = QueueDrop.Codel } },
        new() { Mtu = 1400, Overtake = true }, new() { Drop = true }, LinkChange.Good, new() { Slots = new SlotPlan { Period = Ms(15_000), LevelMax = Ms(20) } }, new() { Slots = SlotPlan.None },
    ];

    private static LinkChangeStep Step(LinkChange change, LinkDirection direction = LinkDirection.Both) => new("wan1", direction, change, IsRestore: false);

    private static State Link(LinkChange profile, LinkChange? down = null) => new(profile, down ?? profile);

    private sealed class State(LinkChange up, LinkChange down)
    {
        private LinkChange _up = up;
        private LinkChange _down = down;

        public IReadOnlyList<(LinkDirections Directions, LinkChange Change)> Told(LinkChangeStep step) => SteeredLink.Told(ref _up, ref _down, step);
    }
}

using FailoverLab.Primitives;
using FailoverLab.Scenarios;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab.Tests;

public sealed class LabLinkTests
{
    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    [Test]
    public void Take_LongerDelay_TellsTheQueueThatGrewWithIt()
    {
        var link = Link(LinkChange.Good with { Rate = new DataRate(20_000_000) });

        Assert.That(link.Take(Step(new() { Loss = new(0.1) })), Is.EqualTo(new[] { (LinkDirections.Both, new LinkChange { Loss = new(0.1) }) }));
        Assert.That(link.Take(Step(new() { Delay = Ms(300) })).Single().Change.Queue!.Time, Is.EqualTo(Ms(300)));
        Assert.That(link.Take(Step(new() { Delay = Ms(20) })).Single().Change.Queue, Is.EqualTo(QueuePlan.Default));
        Assert.That(link.Take(Step(new() { Queue = new() { Time = Ms(350) } })).Single().Change.Queue!.Time, Is.EqualTo(Ms(350)));
        Assert.That(link.Take(Step(new() { Delay = Ms(900) })).Single().Change.Queue, Is.Null, "somebody asked for it");
    }

    [Test]
    public void Take_DirectionsWithDifferentQueues_TellsEachItsOwn()
    {
        var link = Link(LinkChange.Good, LinkChange.Good with { Queue = new() { Packets = 50 } });

        var told = link.Take(Step(new() { Delay = Ms(300) }));

        Assert.That(told.Select(t => (t.Directions, t.Change.Delay, t.Change.Queue?.Time)), Is.EqualTo(new (LinkDirections, TimeSpan?, TimeSpan?)[]
        {
            (LinkDirections.Up, Ms(300), Ms(300)), (LinkDirections.Down, Ms(300), null),
        }));
        Assert.That(link.Take(Step(new() { Drop = true }, LinkDirection.Down)).Single().Directions, Is.EqualTo(LinkDirections.Down));
    }

    private static LinkChangeStep Step(LinkChange change, LinkDirection direction = LinkDirection.Both) => new("wan1", direction, change, IsRestore: false);

    private static LabLink Link(LinkChange profile, LinkChange? down = null) =>
        new(new WanLinkPlan { Name = "wan1", Path = "wan1", Wanulator = "emu", VmId = 1, Site = null!, Far = null!, Profile = profile, ProfileDown = down }, null!);
}

using FailoverLab.Emulator;
using FailoverLab.Results;
using FailoverLab.Scenarios;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab.Tests;

public sealed class LinkOverrunTests
{
    private static readonly WanLinkPlan Plan = new() { Name = "wan1", Path = "byu", Wanulator = "emu", VmId = 1, Site = null!, Far = null!, Profile = LinkChange.Good };

    [Test]
    public void Of_LinkThatDidWhatItWasAsked_IsNothing()
    {
        // What was lost before the run began, what was asked to be lost, and a line that stood still for 5 ms of 10 s.
        var before = Counters(missed: 3);
        var after = Counters(missed: 3, up: new LinkCounters { DroppedByLoss = 9, DroppedByQueue = 9, StoodStillNs = 5_000_000 });

        Assert.That(LinkOverrun.Of(Plan, before, after, TimeSpan.FromSeconds(10), 7), Is.Null);
    }

    [Test]
    public void Of_EachKindOfOverrun_IsSaidWithItsCount()
    {
        var after = Counters(missed: 5, refused: 2, oversized: 1, up: new LinkCounters { DroppedByCapacity = 4 }, down: new LinkCounters { StoodStillNs = 30_000_000 });

        var told = LinkOverrun.Of(Plan, Counters(missed: 3), after, TimeSpan.FromSeconds(10), 7)!;

        Assert.That(told.Text, Is.EqualTo("Link wan1 did more than it was asked: 2 packets not read in time, 2 packets refused by the kernel, 1 packets longer than the MTU, "
            + "4 packets beyond what it can hold, its line stood still for 30.0 ms because the machine did."));
        Assert.That((told.AtNs, told.Kind, told.Host), Is.EqualTo((7, RunEventKind.Run, "emu")));
        Assert.That(told.Data, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["missed"] = "2",
            ["refused"] = "2",
            ["oversized"] = "1",
            ["capacity"] = "4",
            ["stoodStillNs"] = "30000000",
            ["path"] = "byu",
            ["caveat"] = "link-overrun",
        }));
    }

    private static WanCounters Counters(long missed = 0, long refused = 0, long oversized = 0, LinkCounters? up = null, LinkCounters? down = null) =>
        new(up ?? new LinkCounters(), down ?? new LinkCounters(), refused, oversized, missed, null, 0);
}

using FailoverLab.Hosts;
using FailoverLab.Results;

namespace FailoverLab.Runner.Tests;

public sealed class RunCaveatsTests
{
    [Test]
    public void Of_EventThatIsACaveat_IsOneOfItsPath()
    {
        var item = new RunEvent
        {
            AtNs = 1,
            Kind = RunEventKind.Run,
            Text = "Link wan1 did more than it was asked: 2 packets not read in time.",
            Data = new Dictionary<string, string> { [RunEvent.CaveatKey] = "link-overrun", ["path"] = "byu" },
        };
        var record = new RunRecord { StartNs = 0, EndNs = 1, RanToEnd = true, WasInterrupted = false, Captures = [], Events = [item, item with { Data = null }] };

        var caveat = RunCaveats.Of(record, journalFault: null, captures: []).Single();

        Assert.That((caveat.Code, caveat.Text, caveat.Affects.Single()), Is.EqualTo(("link-overrun", item.Text, "byu")));
    }

    [TestCase(12_345_000_000, "site.w1: its files on the host were full and the oldest gave way: everything before T+12.345 s is missing, 700 of 1000 packets.")]
    [TestCase(null, "site.w1: its files on the host were full and the oldest gave way: nothing is known of what is missing.")]
    public void Of_CaptureThatWrapped_SaysWhichTimeIsMissing(long? firstNs, string text)
    {
        var count = new CaptureCount("site.w1", "captures/site.w1.pcapng", 1000, 0, null) { HasWrapped = true };
        var record = new RunRecord { StartNs = 5, EndNs = 6, RanToEnd = true, WasInterrupted = false, Captures = [count with { Point = "site.w2", HasWrapped = false }, count], Events = [] };
        CaptureSummary[] held = firstNs is null ? [] : [new CaptureSummary(count.File, count.Point, 300, 0, false, firstNs + 5, firstNs + 9)];

        var caveat = RunCaveats.Of(record, journalFault: null, held).Single();

        Assert.That((caveat.Code, caveat.Affects.Single()), Is.EqualTo(("capture-wrapped", "site.w1")));
        Assert.That(caveat.Text, Does.StartWith(text));
    }
}

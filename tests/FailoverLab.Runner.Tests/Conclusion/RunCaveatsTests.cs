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

        var caveat = RunCaveats.Of(record, journalFault: null).Single();

        Assert.That((caveat.Code, caveat.Text, caveat.Affects.Single()), Is.EqualTo(("link-overrun", item.Text, "byu")));
    }
}

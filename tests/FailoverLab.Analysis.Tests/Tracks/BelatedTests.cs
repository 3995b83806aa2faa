namespace FailoverLab.Analysis.Tests;

public sealed class BelatedTests
{
    [Test]
    public void Follow_PacketsOfLongAgo_AreGivenUpWhereTheyWereLostAndDuplicatesElse([Values(100, 400, 2000)] int rowsBack)
    {
        // Packet 3000 comes only after it was given up, packet 3001 a second time then.
        var late = FlowTrack.LingerNs + (rowsBack * Timeline.Interval);
        var flow = Timeline.Of(8000, i => i switch { 3000 => [late], 3001 => [1, late], _ => [1] }).Follow(withSender: false, packetsAtOnce: 64);
        Assert.Multiple(() =>
        {
            Assert.That(flow.Lost, Is.EqualTo(1));
            Assert.That(flow.Sinks.Counters.GivenUp, Is.EqualTo(1));
            Assert.That(flow.Sinks.Counters.Duplicates, Is.EqualTo(1));
        });
    }
}

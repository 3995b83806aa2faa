namespace FailoverLab.Restoration.Tests;

public sealed class RestorationPropertyTests
{
    [Test]
    public void Timeline_AnythingGoesWrong_StateIsBackOrWhatIsLeftIsNamed()
    {
        var restored = 0;
        var named = 0;
        var byGuard = 0;
        for (var seed = 1UL; seed <= 3_000; seed++)
        {
            var timeline = new RestorationTimeline(seed);
            timeline.Play();
            var host = timeline.Host;
            var what = $"seed {seed}: {timeline.Story}";

            Assert.That(host.Violations, Is.Empty, what);
            Assert.That(host.Entries.Values.All(e => e.Restorations <= 1), Is.True, $"{what} undone twice");
            byGuard += host.WasPutBackByGuard ? 1 : 0;
            foreach (var (id, outcome) in timeline.Reported)
            {
                var state = host.States[id];
                Assert.That(
                    outcome switch
                    {
                        UndoOutcome.Restored => state == "before" || state.StartsWith("human", StringComparison.Ordinal),
                        UndoOutcome.Foreign => state.StartsWith("human", StringComparison.Ordinal),
                        UndoOutcome.Failed => state != "before" || host.Entries[id].Undos > 0,
                        _ => false,
                    },
                    Is.True,
                    $"{what} change {id} is {state}, reported {outcome}");
                restored += outcome == UndoOutcome.Restored ? 1 : 0;
                named += outcome == UndoOutcome.Restored ? 0 : 1;
            }

            // What no recovery was told of was never changed by the run.
            Assert.That(host.States.Where(s => !timeline.Reported.ContainsKey(s.Key)).All(s => s.Value == "before" || s.Value.StartsWith("human", StringComparison.Ordinal)), Is.True, what);
        }

        TestContext.Out.WriteLine($"seeds 1 to 3000: {restored} changes restored, {named} left and named, {byGuard} hosts put back by their guards");
        Assert.That(restored, Is.GreaterThan(1_000));
        Assert.That(named, Is.GreaterThan(50));
        Assert.That(byGuard, Is.GreaterThan(200));
    }
}

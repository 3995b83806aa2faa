namespace FailoverLab.Stack.Tests;

public sealed class LoopPlacementTests
{
    private const long Start = 1_000_000_000;

    [Test]
    public void Turn_FewPacketsForAWhile_SharesACore()
    {
        var placement = new LoopPlacement(Start);
        Assert.That(placement.Turn(LoopPlacement.Few, Start + LoopPlacement.CalmNs - 1), Is.False);
        Assert.That(placement.IsShared, Is.False);
        Assert.That(placement.Turn(LoopPlacement.Few, Start + LoopPlacement.CalmNs), Is.True);
        Assert.That(placement.IsShared, Is.True);
        Assert.That(placement.Turn(1, Start + LoopPlacement.CalmNs + 1), Is.False, "no second change");
    }

    [Test]
    public void Turn_ManyPacketsAtOnce_LeavesTheCoreAtOnceAndForAWhile()
    {
        var placement = new LoopPlacement(Start);
        placement.Turn(0, Start + LoopPlacement.CalmNs);
        var busy = Start + (3 * LoopPlacement.CalmNs);
        Assert.That(placement.Turn(LoopPlacement.Few + 1, busy), Is.True);
        Assert.That(placement.IsShared, Is.False);
        Assert.That(placement.Turn(1, busy + LoopPlacement.CalmNs - 1), Is.False);
        Assert.That(placement.Turn(LoopPlacement.Few + 1, busy + LoopPlacement.CalmNs), Is.False, "busy again: the calm begins anew");
        Assert.That(placement.Turn(1, busy + (2 * LoopPlacement.CalmNs) - 1), Is.False);
        Assert.That(placement.Turn(1, busy + (2 * LoopPlacement.CalmNs)), Is.True);
    }
}

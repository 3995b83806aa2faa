namespace FailoverLab.Stack.Tests;

public sealed class LoopPlacementTests
{
    private const long Start = 1_000_000_000;
    private const long Never = long.MaxValue;

    [Test]
    public void Turn_FewPacketsForAWhile_SharesACore()
    {
        var placement = new LoopPlacement(Start);
        Assert.That(placement.Turn(LoopPlacement.Few, Never, Start + LoopPlacement.CalmNs - 1), Is.False);
        Assert.That(placement.IsShared, Is.False);
        Assert.That(placement.Turn(LoopPlacement.Few, Never, Start + LoopPlacement.CalmNs), Is.True);
        Assert.That(placement.IsShared, Is.True);
        Assert.That(placement.Turn(1, Never, Start + LoopPlacement.CalmNs + 1), Is.False, "no second change");
    }

    [Test]
    public void Turn_ManyPacketsAtOnce_LeavesTheCoreAtOnceAndForAWhile()
    {
        var placement = new LoopPlacement(Start);
        placement.Turn(0, Never, Start + LoopPlacement.CalmNs);
        var busy = Start + (3 * LoopPlacement.CalmNs);
        Assert.That(placement.Turn(LoopPlacement.Few + 1, Never, busy), Is.True);
        Assert.That(placement.IsShared, Is.False);
        Assert.That(placement.Turn(1, Never, busy + LoopPlacement.CalmNs - 1), Is.False);
        Assert.That(placement.Turn(LoopPlacement.Few + 1, Never, busy + LoopPlacement.CalmNs), Is.False, "busy again: the calm begins anew");
        Assert.That(placement.Turn(1, Never, busy + (2 * LoopPlacement.CalmNs) - 1), Is.False);
        Assert.That(placement.Turn(1, Never, busy + (2 * LoopPlacement.CalmNs)), Is.True);
    }

    [Test]
    public void Turn_TooLate_LeavesTheCoreForLonger()
    {
        var placement = new LoopPlacement(Start);
        placement.Turn(0, Never, Start + LoopPlacement.CalmNs);
        var late = Start + (3 * LoopPlacement.CalmNs);
        Assert.That(placement.Turn(1, late - LoopPlacement.LateNs, late), Is.False, "late, but not too late");
        Assert.That(placement.Turn(1, late - LoopPlacement.LateNs - 1, late), Is.True);
        Assert.That(placement.IsShared, Is.False);
        Assert.That(placement.Turn(LoopPlacement.Few + 1, Never, late + 1), Is.False);
        Assert.That(placement.Turn(0, Never, late + LoopPlacement.DistrustNs - 1), Is.False);
        Assert.That(placement.Turn(0, Never, late + LoopPlacement.DistrustNs), Is.True);
    }
}

namespace FailoverLab.Restoration.Tests;

public sealed class RestorationPlanTests
{
    [Test]
    public void Next_NothingLeft_IsToDisarm() => Assert.That(new RestorationPlan([]).Next.Kind, Is.EqualTo(RestorationStepKind.Disarm));

    [Test]
    public void OnResult_AllWell_GoesFromNewestToOldestAndDisarms()
    {
        var plan = new RestorationPlan([1, 3, 2]);
        var order = new List<int>();
        while (plan.Next.Kind == RestorationStepKind.Undo)
        {
            order.Add(plan.Next.Change);
            plan.OnResult(UndoOutcome.Restored, TimeSpan.Zero);
        }

        Assert.That(order, Is.EqualTo((int[])[3, 2, 1]));
        Assert.That(plan.Next.Kind, Is.EqualTo(RestorationStepKind.Disarm));
    }

    [Test]
    public void OnResult_OneFails_OthersGoOnAndItIsTriedAgainLater()
    {
        var plan = new RestorationPlan([1, 2]);
        var now = TimeSpan.FromSeconds(5);
        plan.OnResult(UndoOutcome.Failed, now);
        Assert.That(plan.Next.Change, Is.EqualTo(1));
        plan.OnResult(UndoOutcome.Restored, now);
        var pauses = new List<double>();
        while (plan.Next.Kind == RestorationStepKind.Undo)
        {
            Assert.That(plan.Next.Change, Is.EqualTo(2));
            pauses.Add((plan.Next.DueAt - now).TotalMilliseconds);
            now = plan.Next.DueAt;
            plan.OnResult(UndoOutcome.Failed, now);
        }

        Assert.That(pauses, Is.EqualTo((double[])[100, 200, 400]));
        Assert.That(plan.Next.Kind, Is.EqualTo(RestorationStepKind.GiveUp));
        Assert.That(plan.Outcomes[2], Is.EqualTo(UndoOutcome.Failed));
    }

    [Test]
    public void OnResult_HostIsGone_NothingMoreIsTriedAndAllIsNamed()
    {
        var plan = new RestorationPlan([1, 2, 3]);
        plan.OnResult(UndoOutcome.Restored, TimeSpan.Zero);
        plan.OnResult(UndoOutcome.Unreachable, TimeSpan.Zero);

        Assert.That(plan.Next.Kind, Is.EqualTo(RestorationStepKind.GiveUp));
        Assert.That(plan.Outcomes.OrderBy(o => o.Key).Select(o => o.Value), Is.EqualTo((UndoOutcome[])[UndoOutcome.Unreachable, UndoOutcome.Unreachable, UndoOutcome.Restored]));
    }

    [Test]
    public void OnResult_OnlyAnothersChangeIsLeft_IsNotWaitedFor()
    {
        var plan = new RestorationPlan([1]);
        plan.OnResult(UndoOutcome.Foreign, TimeSpan.Zero);

        Assert.That(plan.Next.Kind, Is.EqualTo(RestorationStepKind.GiveUp));
    }
}

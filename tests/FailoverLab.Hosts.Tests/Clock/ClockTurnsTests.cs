namespace FailoverLab.Hosts.Tests;

public sealed class ClockTurnsTests
{
    [Test]
    public async Task TakeAsync_Taken_WaitsUntilGivenInOrder()
    {
        var turns = new ClockTurns(TimeProvider.System, TimeSpan.FromHours(1));
        var first = await turns.TakeAsync(CancellationToken.None);
        var second = turns.TakeAsync(CancellationToken.None);
        var third = turns.TakeAsync(CancellationToken.None);
        Assert.That((second.IsCompleted, third.IsCompleted), Is.EqualTo((false, false)));

        first.Dispose();
        first.Dispose();
        var taken = await second;

        Assert.That(third.IsCompleted, Is.False, "given twice");
        taken.Dispose();
        (await third).Dispose();
        Assert.That(turns.TakeAsync(CancellationToken.None).IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public async Task TakeAsync_PatienceIsOver_AsksWithoutTakingTheTurnFromAnybody()
    {
        var turns = new ClockTurns(TimeProvider.System, TimeSpan.Zero);
        var first = await turns.TakeAsync(CancellationToken.None);

        (await turns.TakeAsync(CancellationToken.None)).Dispose();

        first.Dispose();
        Assert.That(turns.TakeAsync(CancellationToken.None).IsCompletedSuccessfully, Is.True, "given up, and still in the queue");
    }

    [Test]
    public async Task TakeAsync_Cancelled_LeavesTheQueue()
    {
        var turns = new ClockTurns(TimeProvider.System, TimeSpan.FromHours(1));
        using var cancellation = new CancellationTokenSource();
        var first = await turns.TakeAsync(CancellationToken.None);
        var waiting = turns.TakeAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync(Is.InstanceOf<OperationCanceledException>(), () => waiting);

        first.Dispose();

        Assert.That(turns.TakeAsync(CancellationToken.None).IsCompletedSuccessfully, Is.True);
    }
}

using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>A change of a driver that can only be told at the instant itself: it is made and read back then.</summary>
/// <param name="driver">The driver.</param>
/// <param name="direction">Which direction.</param>
/// <param name="change">The new values.</param>
public sealed class UnpreparedLink(ILinkDriver driver, LinkDirection direction, LinkChange change) : IPreparedLink
{
    private LinkApplied? _applied;

    /// <inheritdoc/>
    public async Task<LinkAct?> ActAsync()
    {
        _applied = await driver.ApplyAsync(direction, change, CancellationToken.None);
        return null;
    }

    /// <inheritdoc/>
    public Task<LinkApplied> FinishAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_applied ?? throw new StepFailedException($"link {driver.Link}: the change was not made"));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

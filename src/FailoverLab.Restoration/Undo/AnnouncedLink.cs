using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>A prepared change that was announced: what it made of the state is kept when it has been read back.</summary>
/// <param name="prepared">The driver's; disposed with this.</param>
/// <param name="done">Says that it was made.</param>
internal sealed class AnnouncedLink(IPreparedLink prepared, Func<LinkApplied, Task> done) : IPreparedLink
{
    /// <inheritdoc/>
    public Task<LinkAct?> ActAsync() => prepared.ActAsync();

    /// <inheritdoc/>
    public async Task<LinkApplied> FinishAsync(CancellationToken cancellationToken)
    {
        var applied = await prepared.FinishAsync(cancellationToken);
        await done(applied);
        return applied;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => prepared.DisposeAsync();
}

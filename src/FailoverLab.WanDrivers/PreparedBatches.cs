using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>A link's change that lies on its host as files for one process each.</summary>
/// <param name="act">It; disposed with this.</param>
/// <param name="name">What is run, for messages.</param>
/// <param name="readBack">Reads back what came of it.</param>
/// <param name="refused">What is added to the message when it was refused, from what was said; absent adds nothing.</param>
internal sealed class PreparedBatches(
    IPreparedAct act, string name, Func<LinkApplied, CancellationToken, Task<LinkApplied>> readBack, Func<string, string>? refused = null) : IPreparedLink
{
    private LinkAct? _made;

    /// <summary>What lies beside it on the host, taken away with it; <see langword="null"/> when there is nothing.</summary>
    public IAsyncDisposable? Beside { get; init; }

    /// <inheritdoc/>
    public async Task<LinkAct?> ActAsync()
    {
        var (result, at) = await act.ActAsync();
        _made = result.IsSuccess ? at : throw new StepFailedException($"{name}: {Complaint.Of(result)}{refused?.Invoke(result.Error)}");
        return at;
    }

    /// <inheritdoc/>
    public Task<LinkApplied> FinishAsync(CancellationToken cancellationToken) =>
        _made is null
            ? throw new StepFailedException($"{name}: it was not made")
            : readBack(new LinkApplied(_made.AtNs, "") { NotBeforeRealtimeNs = _made.NotBeforeNs }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await act.DisposeAsync();
        if (Beside is not null)
        {
            await Beside.DisposeAsync();
        }
    }
}

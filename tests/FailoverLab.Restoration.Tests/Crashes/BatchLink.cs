using FailoverLab.Hosts;

namespace FailoverLab.Restoration.Tests;

/// <summary>A change that is one act, as a driver would hand it over.</summary>
internal sealed class BatchLink(IPreparedAct act) : IPreparedLink
{
    public ActResult? Result { get; private set; }

    public async Task<LinkAct?> ActAsync() => (Result = await act.ActAsync()).At;

    public Task<LinkApplied> FinishAsync(CancellationToken cancellationToken) => Task.FromResult(new LinkApplied(Result!.At.AtNs, "made"));

    public ValueTask DisposeAsync() => act.DisposeAsync();
}

using System.Text;
using FailoverLab.Hosts;
using FailoverLab.Linux;

namespace FailoverLab.WanDrivers.Tests;

/// <summary>The way to a namespace as one that lays changes ready, without a guard: what is laid ready is kept, and run when its instant is said to have come.</summary>
internal sealed class LaidReady(IShell shell) : IPreparingShell
{
    /// <summary>What was laid ready last.</summary>
    public IReadOnlyList<ActBatch> Batches { get; private set; } = [];

    public bool CanPrepare { get; init; } = true;

    public string Host => shell.Host;

    public Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken) => shell.RunAsync(command, cancellationToken);

    public Task<IPreparedAct> PrepareAsync(IReadOnlyList<ActBatch> batches, IReadOnlyDictionary<string, string> environment, long atRealtimeNs, CancellationToken cancellationToken)
    {
        Batches = batches;
        return Task.FromResult<IPreparedAct>(new Act(shell, batches));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Act(IShell shell, IReadOnlyList<ActBatch> batches) : IPreparedAct
    {
        public async Task<ActResult> ActAsync()
        {
            var beforeNs = SystemClock.Shared.RealtimeNs;
            var last = new ShellResult(0, "", "", TimedOut: false);
            foreach (var batch in batches)
            {
                last = await shell.RunAsync(new ShellCommand(batch.Program, batch.Option, "-") { Input = Encoding.ASCII.GetBytes(batch.Text) }, CancellationToken.None);
                if (!last.IsSuccess)
                {
                    break;
                }
            }

            return new ActResult(last, new LinkAct(beforeNs, SystemClock.Shared.RealtimeNs, 0, 0));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

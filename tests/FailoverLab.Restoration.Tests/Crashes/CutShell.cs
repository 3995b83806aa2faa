using FailoverLab.Hosts;

namespace FailoverLab.Restoration.Tests;

/// <summary>
/// A way to a host that is cut for good at some instant; the command under way then is still run, and its answer may be lost. What waits at a gate when the
/// way is cut goes on waiting: nobody is told.
/// </summary>
internal sealed class CutShell(IGateShell inner) : IGateShell
{
    private volatile bool _isCut;
    private volatile bool _isAnswerLost;

    public string Host => inner.Host;

    public void Cut(bool isAnswerLost)
    {
        _isAnswerLost = isAnswerLost;
        _isCut = true;
    }

    public Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken) => ThroughAsync(() => inner.RunAsync(command, cancellationToken));

    public async Task<IGatedProgram> GateAsync(ShellCommand command, long atRealtimeNs, CancellationToken cancellationToken) =>
        new Gate(this, await ThroughAsync(() => inner.GateAsync(command, atRealtimeNs, cancellationToken)));

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task<T> ThroughAsync<T>(Func<Task<T>> call)
    {
        if (_isCut)
        {
            throw new StepHostException("the channel is cut");
        }

        var result = await call();
        return _isCut && _isAnswerLost ? throw new StepHostException("the channel was cut before the answer came") : result;
    }

    private sealed class Gate(CutShell shell, IGatedProgram program) : IGatedProgram
    {
        public Task<GatedEnd> EndAsync() => shell.ThroughAsync(program.EndAsync);

        public ValueTask DisposeAsync() => shell._isCut ? ValueTask.CompletedTask : program.DisposeAsync();
    }
}

using FailoverLab.Hosts;

namespace FailoverLab.Restoration.Tests;

/// <summary>Counts the calls of one operation of the guard that succeeded.</summary>
internal sealed class WatchedShell(IShell inner, string operation) : IShell
{
    private int _succeeded;

    public string Host => inner.Host;

    public int Succeeded => Volatile.Read(ref _succeeded);

    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var result = await inner.RunAsync(command, cancellationToken);
        if (result.IsSuccess && command.Arguments.Contains(operation))
        {
            Interlocked.Increment(ref _succeeded);
        }

        return result;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

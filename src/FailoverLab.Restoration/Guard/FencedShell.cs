using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>
/// Runs commands on a guarded host only while its lease lasts, and never while something is being undone there: a runner that was frozen cannot
/// change a host that has been put back meanwhile.
/// </summary>
internal sealed class FencedShell(GuardChannel channel) : IShell
{
    /// <inheritdoc/>
    public string Host => channel.Host;

    /// <inheritdoc/>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var result = await channel.RunAsync(channel.Script.Fence(command), cancellationToken);
        return result.Status == GuardScript.Over && result.Error.StartsWith("failoverlab: lease over", StringComparison.Ordinal)
            ? throw new StepHostException($"host '{Host}' has taken the run for dead and put itself back; nothing is changed there any more")
            : result;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

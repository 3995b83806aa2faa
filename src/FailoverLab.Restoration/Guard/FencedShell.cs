using System.Globalization;
using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>
/// Runs commands on a guarded host only while its lease lasts, and never while something is being undone there: a runner that was frozen cannot
/// change a host that has been put back meanwhile.
/// </summary>
internal sealed class FencedShell(GuardChannel channel, TimeProvider time) : IPreparingShell
{
    /// <summary>So long before its instant an act takes the host's mutex, together with other acts: nothing is undone or laid ready from then on.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(400);

    private int _acts;

    /// <inheritdoc/>
    public string Host => channel.Host;

    /// <inheritdoc/>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var result = await channel.RunAsync(channel.Script.Fence(command), cancellationToken);
        return IsOver(result) ? throw Over(Host) : result;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> OwnProgram => channel.OwnProgram;

    /// <inheritdoc/>
    public Task<ClockEstimate> MeasureClockAsync(CancellationToken cancellationToken) => channel.MeasureClockAsync(cancellationToken);

    /// <inheritdoc/>
    public bool CanPrepare => channel.HasGates;

    /// <inheritdoc/>
    public async Task<IPreparedAct> PrepareAsync(
        IReadOnlyList<ActBatch> batches, IReadOnlyDictionary<string, string> environment, long atRealtimeNs, CancellationToken cancellationToken)
    {
        var act = string.Create(CultureInfo.InvariantCulture, $"act-{Interlocked.Increment(ref _acts)}");

        // What was written is read again there by a shell, which sees no line end at the end.
        var laid = await channel.RunAsync(channel.Script.Lay(act, [.. batches.Select(b => b.Text.TrimEnd('\n'))]), cancellationToken);
        if (!laid.IsSuccess)
        {
            throw laid.Status == GuardScript.Over ? Over(Host) : new StepHostException($"host '{Host}': {GuardChannel.Said(laid)}");
        }

        var wait = TimeSpan.FromTicks(atRealtimeNs / 100) - (time.GetUtcNow() - DateTimeOffset.UnixEpoch) - Hold;
        var command = channel.Script.Hold(act, batches.SelectMany(b => (string[])[b.Program, b.Option]), environment, wait < TimeSpan.Zero ? TimeSpan.Zero : wait);
        return new FencedAct(Host, await channel.GateAsync(command, atRealtimeNs, cancellationToken));
    }

    /// <summary>Whether a fenced command was refused because the lease is over.</summary>
    internal static bool IsOver(ShellResult result) =>
        result.Status == GuardScript.Over && result.Error.StartsWith("failoverlab: lease over", StringComparison.Ordinal);

    /// <summary>What is said then.</summary>
    internal static StepHostException Over(string host) =>
        new($"host '{host}' has taken the run for dead and put itself back; nothing is changed there any more");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

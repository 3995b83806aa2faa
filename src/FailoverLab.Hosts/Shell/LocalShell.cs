using System.ComponentModel;
using System.Diagnostics;

namespace FailoverLab.Hosts;

/// <summary>Runs programs on this machine, or in one of its network namespaces behind a prefix (<c>ip netns exec NAME</c>).</summary>
/// <param name="host">The host's name in the plan.</param>
/// <param name="prefix">Arguments before each command's own; empty runs it as it is.</param>
public sealed class LocalShell(string host, params IReadOnlyList<string> prefix) : IGateShell
{
    private const int KeptBytes = 1 << 20;

    /// <inheritdoc/>
    public string Host { get; } = host;

    /// <inheritdoc/>
    public IReadOnlyList<string> OwnProgram { get; init; } = [];

    /// <inheritdoc/>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        using var process = Begin(command);
        if (process is null)
        {
            return Missing(command);
        }

        var output = ReadAsync(process.StandardOutput.BaseStream);
        var error = ReadAsync(process.StandardError.BaseStream);
        var input = FeedAsync(process, command.Input);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(command.Timeout);
        var isKilled = await IsKilledAsync(process, ending.Token);
        await input;
        cancellationToken.ThrowIfCancellationRequested();
        return new ShellResult(process.ExitCode, await output, await error, isKilled);
    }

    /// <inheritdoc/>
    public Task<IGatedProgram> GateAsync(ShellCommand command, long atRealtimeNs, CancellationToken cancellationToken) =>
        Task.FromResult<IGatedProgram>(new LocalGate(Begin(command), Missing(command), command.Timeout));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Waits until a program has ended, and ends it with all it started when it has not in time.</summary>
    /// <returns>Whether that was needed.</returns>
    internal static async Task<bool> IsKilledAsync(Process process, CancellationToken inTime)
    {
        try
        {
            await process.WaitForExitAsync(inTime);
            return false;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return true;
        }
    }

    /// <summary>Reads to the end, so that the program never blocks, and keeps the beginning.</summary>
    internal static async Task<string> ReadAsync(Stream from)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            kept.Write(buffer, 0, (int)Math.Min(read, KeptBytes - kept.Length));
        }

        return System.Text.Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }

    private ShellResult Missing(ShellCommand command) =>
        new(127, "", $"{(prefix.Count > 0 ? prefix : command.Arguments)[0]}: not found or not executable", TimedOut: false);

    private Process? Begin(ShellCommand command)
    {
        IReadOnlyList<string> all = [.. prefix, .. command.Arguments];
        var start = new ProcessStartInfo(all[0], all.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of it, which is its own affair.
        }
    }
}

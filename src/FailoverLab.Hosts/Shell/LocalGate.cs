using System.Diagnostics;

namespace FailoverLab.Hosts;

/// <summary>A program of this machine at a gate: a pipe, which whoever waits for the instant writes to. The machine's clock is the reference.</summary>
internal sealed class LocalGate : IGatedProgram
{
    private readonly Process? _process;
    private readonly ShellResult _missing;
    private readonly TimeSpan _timeout;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    /// <summary>Takes a program that has been started.</summary>
    /// <param name="process">It, all three streams redirected; <see langword="null"/> when it could not be started.</param>
    /// <param name="missing">What is said then.</param>
    /// <param name="timeout">Counts from the opening.</param>
    public LocalGate(Process? process, ShellResult missing, TimeSpan timeout)
    {
        (_process, _missing, _timeout) = (process, missing, timeout);
        _output = process is null ? Task.FromResult("") : LocalShell.ReadAsync(process.StandardOutput.BaseStream);
        _error = process is null ? Task.FromResult("") : LocalShell.ReadAsync(process.StandardError.BaseStream);
    }

    /// <inheritdoc/>
    public async Task<GatedEnd> EndAsync()
    {
        if (_process is null)
        {
            return new GatedEnd(0, NowNs, _missing, 0, 0);
        }

        var openedNs = NowNs;
        Tell("go\n"u8);
        using var ending = new CancellationTokenSource(_timeout);
        var isKilled = await LocalShell.IsKilledAsync(_process, ending.Token);
        var endedNs = NowNs;
        return new GatedEnd(openedNs, endedNs, new ShellResult(_process.ExitCode, await _output, await _error, isKilled), 0, 0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            return;
        }

        // The end of its input calls it off; what it has begun it ends.
        Tell([]);
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static long NowNs => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    private void Tell(ReadOnlySpan<byte> line)
    {
        try
        {
            _process!.StandardInput.BaseStream.Write(line);
            _process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // It ended before its instant and said why.
        }
    }
}

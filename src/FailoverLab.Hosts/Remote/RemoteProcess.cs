using System.ComponentModel;
using System.Diagnostics;

namespace FailoverLab.Hosts;

/// <summary>The local end of a channel: the OpenSSH client, or in tests a shell of this machine, with its three streams.</summary>
internal sealed class RemoteProcess : IDisposable
{
    private const int KeptError = 64 * 1024;
    private readonly Process _process;
    private readonly Task<string> _error;

    private readonly IDisposable? _owned;

    private RemoteProcess(Process process, IDisposable? owned)
    {
        _process = process;
        _owned = owned;
        _error = ReadErrorAsync(process.StandardError.BaseStream);
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>What it printed on standard error, the beginning of it; complete when it has ended.</summary>
    public Task<string> Error => _error;

    /// <summary>Starts it.</summary>
    /// <param name="start">The program.</param>
    /// <param name="owned">What it needs while it runs; disposed with it.</param>
    /// <returns>Nothing when the program is not there.</returns>
    public static RemoteProcess? Start(ProcessStartInfo start, IDisposable? owned = null)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["LC_ALL"] = "C";
        try
        {
            return new RemoteProcess(Process.Start(start)!, owned);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Ends it now. The far side sees the end of its input and ends what it runs.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public Task ExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public void Dispose()
    {
        _process.Dispose();
        _owned?.Dispose();
    }

    private static async Task<string> ReadErrorAsync(Stream from)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            kept.Write(buffer, 0, (int)Math.Min(read, KeptError - kept.Length));
        }

        return System.Text.Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }
}

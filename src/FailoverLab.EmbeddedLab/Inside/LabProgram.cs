using System.Diagnostics;
using FailoverLab.Linux;

namespace FailoverLab.EmbeddedLab;

/// <summary>One program of the failover stack in its node: started and held back at its gate, opened by a line on its input.</summary>
internal sealed class LabProgram : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _readers = [];
    private readonly Action<LabProgram, string> _onEvent;

    public LabProgram(string host, NetworkNamespace space, ProcessStartInfo start, string first, string logPrefix, Action<LabProgram, string> onEvent, Action<LabProgram, int> onExit)
    {
        Host = host;
        _onEvent = onEvent;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        // The child inherits the namespace of the thread that forks it.
        _process = space.Run(() => Process.Start(start)!);
        Tell(first);
        _readers.Add(ReadEventsAsync(logPrefix + ".out"));
        _readers.Add(CopyAsync(_process.StandardError, logPrefix + ".err"));
        _ = WaitAsync(onExit);
    }

    public string Host { get; }

    /// <summary>Completes when the program has said that it is armed, fails when it ended before.</summary>
    public Task Armed => _armed.Task;

    /// <summary>Whether its end is what somebody asked for.</summary>
    public bool MayEnd { get; private set; }

    public void OpenGate()
    {
        _process.StandardInput.WriteLine("go");
        _process.StandardInput.Flush();
    }

    /// <summary>One that has ended already is told of by its exit.</summary>
    private void Tell(string first)
    {
        try
        {
            _process.StandardInput.Write(first);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // See above.
        }
    }

    /// <summary>Sends a signal by name: KILL, TERM, STOP or CONT.</summary>
    public void Signal(string name)
    {
        MayEnd |= name is "KILL" or "TERM";
        ProcessControl.Kill(_process.Id, name switch { "KILL" => 9, "TERM" => 15, "STOP" => 19, _ => 18 });
    }

    public void Dispose()
    {
        MayEnd = true;
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task ReadEventsAsync(string file)
    {
        await using var log = new StreamWriter(file);
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
            await log.FlushAsync();
            if (line.Contains("\"event\":\"armed\"", StringComparison.Ordinal))
            {
                _armed.TrySetResult();
            }
            else
            {
                _onEvent(this, line);
            }
        }
    }

    private static async Task CopyAsync(StreamReader from, string file)
    {
        await using var log = new StreamWriter(file);
        while (await from.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
            await log.FlushAsync();
        }
    }

    private async Task WaitAsync(Action<LabProgram, int> onExit)
    {
        await _process.WaitForExitAsync();
        await Task.WhenAll(_readers);
        var status = _process.ExitCode;
        _armed.TrySetException(new LabException($"the program on {Host} ended with status {status} before it was armed; see its log"));
        onExit(this, status);
    }
}

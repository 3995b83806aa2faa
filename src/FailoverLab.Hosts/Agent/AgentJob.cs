using System.ComponentModel;
using System.Diagnostics;

namespace FailoverLab.Hosts;

/// <summary>One program of the agent: started in a session of its own, held back at a pipe where that is asked.</summary>
internal sealed class AgentJob
{
    private const int Kept = 1 << 20;
    private readonly Process _process;
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<byte[]> _output;
    private readonly Task<byte[]> _error;

    private AgentJob(Process process)
    {
        _process = process;
        _output = KeepAsync(process.StandardOutput.BaseStream, _letGo.Task);
        _error = KeepAsync(process.StandardError.BaseStream, _letGo.Task);
    }

    /// <summary>Its process, and the group of all its children.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="kind">How.</param>
    /// <param name="arguments">The program and its arguments, or one text for the shell.</param>
    /// <param name="environment">Variables added.</param>
    /// <param name="input">Standard input of one that is not held.</param>
    /// <returns>Nothing when the session could not be made: <c>setsid</c> is missing.</returns>
    public static AgentJob? Start(RemoteKind kind, IReadOnlyList<string> arguments, IEnumerable<string> environment, byte[] input)
    {
        // Two lines open the gate. The first is written at once: it proves that the shell is there, and that the way to it is warm.
        IReadOnlyList<string> all = kind switch
        {
            RemoteKind.Now or RemoteKind.Gated => arguments,
            RemoteKind.Held => ["sh", "-c", "IFS= read -r g && IFS= read -r g || exit 125; exec \"$@\" </dev/null", "sh", .. arguments],
            _ => ["sh", "-c", CommandRunner.HeldScript, "sh", arguments[0]],
        };
        var start = new ProcessStartInfo("setsid", all) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in environment)
        {
            var at = variable.IndexOf('=', StringComparison.Ordinal);
            start.Environment[variable[..at]] = variable[(at + 1)..];
        }

        try
        {
            var job = new AgentJob(Process.Start(start)!);
            if (kind == RemoteKind.Now)
            {
                _ = FeedAsync(job._process, input);
            }
            else if (kind != RemoteKind.Gated)
            {
                job.Release();
            }

            return job;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Opens one of the two halves of the gate: the first at the start, the second at the instant. The gate of a program that reads there itself has one.</summary>
    public void Release()
    {
        try
        {
            _process.StandardInput.BaseStream.Write("go\n"u8);
            _process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // It was killed before its instant.
        }
    }

    /// <summary>Completes with its status when its own process has ended.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Completes with what it printed when nobody holds its streams any more.</summary>
    public async Task<(byte[] Output, byte[] Error)> PrintedAsync() => (await _output, await _error);

    /// <summary>Gives up its streams, whoever holds them.</summary>
    public void LetGo() => _letGo.TrySetResult();

    private static async Task FeedAsync(Process process, byte[] input)
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

    private static async Task<byte[]> KeepAsync(Stream from, Task letGo)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            // Reading a pipe cannot be called off; once let go, what came until then is what there is.
            var reading = from.ReadAsync(buffer).AsTask();
            if (await Task.WhenAny(reading, letGo) != reading || await reading is not (> 0 and var read))
            {
                return kept.ToArray();
            }

            kept.Write(buffer, 0, (int)Math.Min(read, Kept - kept.Length));
        }
    }
}

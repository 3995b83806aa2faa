using System.Diagnostics;
using FailoverLab.Dataplane;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>Commands that steps run; each has a timeout, logs of its own, and is reported when it ends.</summary>
public sealed class CommandRunner : IDisposable
{
    private readonly List<(Process Process, Task Ended)> _running = [];
    private readonly string _runDirectory;
    private readonly Action<RunEvent> _report;
    private readonly IClock _clock;
    private readonly Func<string, ProcessStartInfo, Process> _start;

    /// <summary>Makes the runner.</summary>
    /// <param name="runDirectory">Absolute path of the run directory; commands start in it, logs go below it.</param>
    /// <param name="report">Takes one event per ended command; from any thread.</param>
    /// <param name="clock">Stamps them.</param>
    /// <param name="start">Starts a process on a host; throws <see cref="StepFailedException"/> when it cannot.</param>
    public CommandRunner(string runDirectory, Action<RunEvent> report, IClock clock, Func<string, ProcessStartInfo, Process> start)
    {
        _runDirectory = runDirectory;
        _report = report;
        _clock = clock;
        _start = start;
    }

    /// <summary>Starts a command and returns.</summary>
    /// <exception cref="StepFailedException">It could not be started.</exception>
    public void Start(StepPlan step, RunCommand command)
    {
        var logs = Path.Combine(_runDirectory, "logs", step.Host);
        Directory.CreateDirectory(logs);
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _runDirectory,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command.Shell);
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        var process = _start(step.Host, start);
        process.StandardInput.Close();
        _running.Add((process, FollowAsync(process, step, command, Path.Combine(logs, step.Name))));
    }

    /// <summary>Kills what still runs, with its children.</summary>
    public void Dispose()
    {
        foreach (var (process, ended) in _running)
        {
            if (!ended.IsCompleted)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        Task.WaitAll([.. _running.Select(r => r.Ended)], TimeSpan.FromSeconds(1));
        _running.Clear();
    }

    private async Task FollowAsync(Process process, StepPlan step, RunCommand command, string logPrefix)
    {
        var output = CopyAsync(process.StandardOutput.BaseStream, logPrefix + ".out");
        var error = CopyAsync(process.StandardError.BaseStream, logPrefix + ".err");
        var text = "command ended";
        using var timeout = new CancellationTokenSource(command.Timeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            text = $"command killed after its timeout of {command.Timeout.TotalSeconds:0.###} s";
        }

        await Task.WhenAll(output, error);
        _report(new RunEvent
        {
            AtNs = _clock.RealtimeNs,
            Kind = process.ExitCode == 0 ? RunEventKind.Step : RunEventKind.Fault,
            Host = step.Host,
            Step = step.Name,
            Text = process.ExitCode == 0 ? text : $"{text} with status {process.ExitCode}; see logs/{step.Host}/{step.Name}.err",
            ExitStatus = process.ExitCode,
        });
    }

    private static async Task CopyAsync(Stream from, string file)
    {
        await using var log = File.Create(file);
        await from.CopyToAsync(log);
    }
}

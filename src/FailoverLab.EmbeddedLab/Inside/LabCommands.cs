using System.ComponentModel;
using System.Diagnostics;
using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>Commands that scenario steps run in nodes; each has a timeout and logs of its own.</summary>
internal sealed class LabCommands(LabNetwork network, LabReporter reporter, IClock clock) : IDisposable
{
    private readonly List<(Process Process, Task Ended)> _running = [];

    /// <summary>Starts a command in its node and returns; its end is reported as an event.</summary>
    public void Start(StepPlan step, RunCommand command, string runDirectory)
    {
        var logs = Path.Combine(runDirectory, "logs", step.Host);
        Directory.CreateDirectory(logs);
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = runDirectory,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command.Shell);
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            var process = network[step.Host].Run(() => Process.Start(start)!);
            process.StandardInput.Close();
            _running.Add((process, FollowAsync(process, step, command, Path.Combine(logs, step.Name))));
        }
        catch (Win32Exception failure)
        {
            throw new StepFailedException($"/bin/sh could not be started on {step.Host}: {failure.Message}", failure);
        }
    }

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
        reporter.Event(new RunEvent
        {
            AtNs = clock.RealtimeNs,
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

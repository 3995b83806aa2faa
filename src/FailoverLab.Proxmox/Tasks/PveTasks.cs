using System.Globalization;

namespace FailoverLab.Proxmox;

/// <summary>Tasks of a PVE host: looked at, waited for.</summary>
public sealed class PveTasks
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private readonly PveTransport _transport;
    private readonly TimeProvider _time;

    internal PveTasks(PveTransport transport, TimeProvider time) => (_transport, _time) = (transport, time);

    /// <summary>A task's state.</summary>
    /// <exception cref="PveException">It cannot be asked.</exception>
    public async Task<TaskState> StateAsync(Upid task, CancellationToken cancellationToken)
    {
        var reply = (await _transport.SendAsync(PveCalls.TaskStatus.With(("node", task.Node), ("upid", task.Text)), cancellationToken)).Object();
        var isRunning = reply.Text("status") switch
        {
            "running" => true,
            "stopped" => false,
            var other => throw new PveException(PveFault.Malformed, $"{PveCalls.TaskStatus}: '{_transport.Redactor.Clean(other)}' is neither running nor stopped"),
        };

        // A task whose end nobody wrote down has none: its worker was killed.
        return new TaskState(isRunning, isRunning ? null : _transport.Redactor.Clean(reply.TextOrNull("exitstatus") ?? "it ended without saying how"));
    }

    /// <summary>The last lines a task has printed.</summary>
    /// <param name="task">Which.</param>
    /// <param name="lines">How many at most, 1 to 500.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PveException">It cannot be asked.</exception>
    public async Task<IReadOnlyList<string>> LogAsync(Upid task, int lines, CancellationToken cancellationToken)
    {
        var first = await ReadAsync(0);
        var read = first.Total > lines ? await ReadAsync(first.Total.Value - lines) : first;
        return [.. read.Objects().Select(l => _transport.Redactor.Clean(l.TextOrNull("t") ?? "")).TakeLast(lines)];

        Task<PveReply> ReadAsync(int start) => _transport.SendAsync(
            PveCalls.TaskLog.With(("node", task.Node), ("upid", task.Text), ("start", start.ToString(CultureInfo.InvariantCulture)), ("limit", lines.ToString(CultureInfo.InvariantCulture))),
            cancellationToken);
    }

    /// <summary>Waits for a task's end.</summary>
    /// <param name="task">Which.</param>
    /// <param name="timeout">Longest wait; the task itself goes on then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How it ended, which is OK or with warnings.</returns>
    /// <exception cref="PveException">It failed (<see cref="PveFault.TaskFailed"/>, with the end of its log), did not end in time, or cannot be asked.</exception>
    public async Task<TaskEnd> WaitAsync(Upid task, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause)
        {
            if (await StateAsync(task, cancellationToken) is { IsRunning: false } state)
            {
                var end = new TaskEnd(task, state.ExitStatus!, await LogOrNothingAsync(task, cancellationToken));
                return end.IsSuccess
                    ? end
                    : throw new PveException(PveFault.TaskFailed, $"{task.Type} of {task.Id}: {end.ExitStatus}", end.Log.Count > 0 ? "its log ends: " + string.Join(" / ", end.Log.TakeLast(5)) : null);
            }

            if (_time.GetElapsedTime(began) > timeout)
            {
                throw new PveException(PveFault.TimedOut, $"{task.Type} of {task.Id} has not ended within {timeout.TotalSeconds:0.#} s and goes on", $"failoverlab pve status HOST '{task.Text}'");
            }

            await Task.Delay(pause, _time, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> LogOrNothingAsync(Upid task, CancellationToken cancellationToken)
    {
        try
        {
            return await LogAsync(task, TaskEnd.MaxLines, cancellationToken);
        }
        catch (PveException)
        {
            // How it ended is known; what it printed only explains it.
            return [];
        }
    }
}

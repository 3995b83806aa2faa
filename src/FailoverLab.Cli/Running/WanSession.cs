using FailoverLab.EmbeddedLab;
using FailoverLab.Linux;
using FailoverLab.Wan;

namespace FailoverLab.Cli;

/// <summary>One call of <c>wan</c>: takes two interfaces, forwards between them, and puts them back as they were.</summary>
internal sealed class WanSession(CommandContext context, WanRequest request)
{
    private const int RingBytes = 16 << 20;
    private const int LogLines = 65_536;
    private static readonly TimeSpan LogPause = TimeSpan.FromMilliseconds(50);
    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<ExitCode> RunAsync()
    {
        if (request.Near == request.Far)
        {
            await context.Error.WriteLineAsync($"error: a link has two ends; both are {request.Near}");
            return ExitCode.Usage;
        }

        using var interruption = new Interruption();
        var before = new List<OffloadState>();
        try
        {
            using var log = request.Log is { } file ? new FateLog(file) : null;
            return await ForwardAsync(before, log, interruption);
        }
        catch (LinuxException refusal)
        {
            await context.Error.WriteLineAsync($"error: {refusal.Message}; nothing was started. It takes two interfaces of this network namespace, and CAP_NET_RAW and CAP_NET_ADMIN (root)");
            return ExitCode.Refused;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync($"error: {refusal.Message}; give --log a file that can be written");
            return ExitCode.Refused;
        }
        finally
        {
            Restore(before);
        }
    }

    private async Task<ExitCode> ForwardAsync(List<OffloadState> before, FateLog? log, Interruption interruption)
    {
        using var link = Start(before, log is not null);
        await context.Error.WriteLineAsync($"forwarding between {request.Near} and {request.Far}, profile {request.Profile}, seed {request.Seed}; Ctrl-C ends it");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        if (request.Length is { } length)
        {
            ending.CancelAfter(length);
        }

        using var stopped = new CancellationTokenSource();
        var logging = log is null ? Task.CompletedTask : WriteLogAsync(link, log, stopped.Token);
        var started = context.Time.GetTimestamp();
        await WatchAsync(link, ending.Token);
        var reason = _failed.Task.IsCompleted ? await _failed.Task : null;

        // What is counted must also be what is logged: the log's last look comes after the last packet.
        link.Stop();
        await stopped.CancelAsync();
        await logging;
        var figures = new WanFigures(request, context.Time.GetElapsedTime(started), link.Counters, log?.Lost ?? 0, reason);
        await context.Out.WriteLineAsync(request.Json ? figures.ToJson() : figures.ToText());
        if (reason is not null)
        {
            await context.Error.WriteLineAsync($"error: {reason}");
            return ExitCode.Incomplete;
        }

        return interruption.ExitCode ?? ExitCode.Passed;
    }

    // Sockets belong to the network namespace of the thread that opens them, so all are opened before the first wait.
    private WanLink Start(List<OffloadState> before, bool keepsLog)
    {
        before.Add(InterfaceControl.DisableOffloads(request.Near));
        before.Add(InterfaceControl.DisableOffloads(request.Far));
        var near = PacketSocket.Open(request.Near, promiscuous: true, bufferBytes: RingBytes, ring: true, trains: true);
        PacketSocket far;
        try
        {
            far = PacketSocket.Open(request.Far, promiscuous: true, bufferBytes: RingBytes, ring: true, trains: true);
        }
        catch (LinuxException)
        {
            near.Dispose();
            throw;
        }

        var setting = new WanLinkSetting
        {
            Name = request.Name,
            Up = request.Up,
            Down = request.Down,
            Seed = request.Seed,
            Failed = reason => _failed.TrySetResult(reason),
            LogLines = keepsLog ? LogLines : 0,
        };
        // A page that must be fetched is a pause. Not allowed is no fault.
        _ = Environment.IsPrivilegedProcess && ProcessControl.LockMemory();
        return WanLink.Start(setting, near, far, SystemClock.Shared);
    }

    /// <summary>Tells how it goes, until the end or the link's own.</summary>
    private async Task WatchAsync(WanLink link, CancellationToken token)
    {
        var isLive = context.IsErrorTerminal;
        var last = link.Counters;
        while (!token.IsCancellationRequested && !_failed.Task.IsCompleted)
        {
            await Task.WhenAny(_failed.Task, Task.Delay(TimeSpan.FromSeconds(isLive ? 1 : 10), context.Time, token));
            if (token.IsCancellationRequested || _failed.Task.IsCompleted)
            {
                break;
            }

            var now = link.Counters;
            var words = WanFigures.Rates(last, now, isLive ? 1 : 10);
            await context.Error.WriteAsync(isLive ? $"\r{words}\u001b[K" : $"{words}{Environment.NewLine}");
            last = now;
        }

        if (isLive)
        {
            await context.Error.WriteLineAsync();
        }
    }

    private async Task WriteLogAsync(WanLink link, FateLog log, CancellationToken token)
    {
        while (true)
        {
            var isLast = token.IsCancellationRequested;
            log.Take(link, LinkDirections.Up);
            log.Take(link, LinkDirections.Down);
            if (isLast)
            {
                return;
            }

            await Task.WhenAny(Task.Delay(LogPause, context.Time, token));
        }
    }

    private void Restore(List<OffloadState> before)
    {
        foreach (var state in before)
        {
            try
            {
                InterfaceControl.RestoreOffloads(state);
            }
            catch (LinuxException gone)
            {
                context.Error.WriteLine($"note: {state.Name} could not be put back: {gone.Message}");
            }
        }
    }
}

using FailoverLab.EmbeddedLab;
using FailoverLab.Linux;
using FailoverLab.Scenarios;
using FailoverLab.Wan;

namespace FailoverLab.Cli;

/// <summary>One call of <c>wan</c>: takes interfaces in pairs, forwards between them, and puts them back as they were.</summary>
internal sealed class WanSession(CommandContext context, WanRequest request)
{
    private const int RingBytes = 16 << 20;
    private const int LogLines = 65_536;
    private static readonly TimeSpan LogPause = TimeSpan.FromMilliseconds(50);

    public async Task<ExitCode> RunAsync()
    {
        if (Fault() is { } fault)
        {
            Say($"error: {fault}{Environment.NewLine}");
            return ExitCode.Usage;
        }

        using var interruption = new Interruption();
        var before = new List<OffloadState>();
        var links = new List<RunningPair>();
        try
        {
            using var log = request.Log is { } file ? new FateLog(file) : null;
            foreach (var pair in request.Pairs)
            {
                // Sockets belong to the network namespace of the thread that opens them, so all are opened before the first wait.
                links.Add(Start(pair, before, log is not null));
            }

            await using var socket = request.Control is { } path and not "-" ? WanControlSocket.Open(path) : null;
            return await ForwardAsync(links, log, socket, interruption);
        }
        catch (LinuxException refusal)
        {
            Say($"error: {refusal.Message}; nothing was started. It takes two interfaces of this network namespace, and CAP_NET_RAW and CAP_NET_ADMIN (root){Environment.NewLine}");
            return ExitCode.Refused;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            Say($"error: {refusal.Message}; give --log a file and --control a socket that can be written{Environment.NewLine}");
            return ExitCode.Refused;
        }
        finally
        {
            links.ForEach(End);
            links.ForEach(l => l.Steered.Link.Dispose());
            Restore(before);
        }
    }

    private string? Fault()
    {
        var names = request.Pairs.SelectMany(p => new[] { p.Near, p.Far }).ToList();
        return request.Pairs switch
        {
            [var pair] when pair.Near == pair.Far => $"a link has two ends; both are {pair.Near}",
            [.., var last] when last.Far.Length == 0 => $"a link has two ends; {last.Near} stands alone",
            _ when names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice => $"every end of a link is an interface of its own; {twice.Key} is named twice",
            { Count: > 1 } when request.Log is not null => "--log writes the packets of one link; call `wan` once for each that is to have a log",
            _ => null,
        };
    }

    private async Task<ExitCode> ForwardAsync(List<RunningPair> links, FateLog? log, WanControlSocket? socket, Interruption interruption)
    {
        var names = string.Join(", ", request.Pairs.Select(p => $"{p.Near} and {p.Far}"));
        Say($"forwarding between {names}, profile {request.Profile}, seed {request.Seed}; Ctrl-C ends it{Environment.NewLine}");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        if (request.Length is { } length)
        {
            ending.CancelAfter(length);
        }

        var control = new WanControl(links, new LinkLineReader(request.Plans), SystemClock.Shared, context.Time, ending.Cancel);
        socket?.Serve(control);
        if (request.Control == "-")
        {
            // A read of the standard input cannot be called off, so nobody waits for its end.
            _ = Task.Run(() => control.ServeAsync(context.In(), context.Out, ending.Token));
        }

        using var stopped = new CancellationTokenSource();
        var logging = log is null ? Task.CompletedTask : WriteLogAsync(links[0].Steered.Link, log, stopped.Token);
        var started = context.Time.GetTimestamp();
        await WatchAsync(links, ending.Token);

        // What is counted must also be what is logged: the log's last look comes after the last packet.
        links.ForEach(End);
        await stopped.CancelAsync();
        await logging;
        var elapsed = context.Time.GetElapsedTime(started);
        var figures = links.ConvertAll(l => new WanFigures(request, l.Pair, elapsed, l.Steered.Link.Counters, log?.Lost ?? 0, l.Failure));
        await context.Out.WriteLineAsync(request.Json ? WanFigures.ToJson(figures) : string.Join(Environment.NewLine, figures.Select(f => f.ToText())));
        if (links.Exists(l => l.Failure is not null))
        {
            foreach (var link in links.Where(l => l.Failure is not null))
            {
                Say($"error: {link.Failure}{Environment.NewLine}");
            }

            return ExitCode.Incomplete;
        }

        return interruption.ExitCode ?? ExitCode.Passed;
    }

    private RunningPair Start(WanPair pair, List<OffloadState> before, bool keepsLog)
    {
        before.Add(InterfaceControl.DisableOffloads(pair.Near));
        before.Add(InterfaceControl.DisableOffloads(pair.Far));
        var near = Open(pair.Near);
        PacketSocket far;
        try
        {
            far = Open(pair.Far);
        }
        catch (LinuxException)
        {
            near.Dispose();
            throw;
        }

        var failed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var setting = new WanLinkSetting
        {
            Name = pair.Name,
            Up = LinkSettings.Of(request.Up, request.Seed),
            Down = LinkSettings.Of(request.Down, request.Seed),
            Seed = request.Seed,
            Failed = reason => failed.TrySetResult(reason),
            LogLines = keepsLog ? LogLines : 0,
        };
        // A page that must be fetched is a pause. Not allowed is no fault.
        _ = Environment.IsPrivilegedProcess && ProcessControl.LockMemory();
        return new RunningPair(pair, new SteeredLink(WanLink.Start(setting, near, far, SystemClock.Shared), request.Up, request.Down, request.Seed), failed.Task);
    }

    /// <summary>A link that is changed while it runs may be measured on this very machine, so captures there must see what it sends.</summary>
    private PacketSocket Open(string name) =>
        PacketSocket.Open(name, promiscuous: true, bufferBytes: RingBytes, ring: true, trains: true, isSeen: request.Control is not null);

    /// <summary>Tells how it goes, until the end or that of the last link. A link that ends by itself leaves the others at work.</summary>
    private async Task WatchAsync(List<RunningPair> links, CancellationToken token)
    {
        var isLive = context.IsErrorTerminal;
        var last = links.ConvertAll(l => l.Steered.Link.Counters);
        var next = Task.Delay(Period(), context.Time, token);
        while (!token.IsCancellationRequested && links.Exists(l => l.Failure is null))
        {
            var working = links.Where(l => l.Failure is null).ToList();
            await Task.WhenAny([next, .. working.Select(l => l.Failed)]);
            foreach (var ended in working.Where(l => l.Failure is not null && links.Count > 1))
            {
                Say($"{(isLive ? "\r" : "")}error: {ended.Failure}; {links.Count(l => l.Failure is null)} of {links.Count} links go on{Environment.NewLine}");
            }

            if (token.IsCancellationRequested || !next.IsCompleted)
            {
                continue;
            }

            var now = links.ConvertAll(l => l.Steered.Link.Counters);
            var words = string.Join(" || ", links.Select((l, n) => (links.Count > 1 ? l.Pair.Name + " " : "") + WanFigures.Rates(last[n], now[n], Period().TotalSeconds)));
            Say(isLive ? $"\r{words}\u001b[K" : $"{words}{Environment.NewLine}");
            (last, next) = (now, Task.Delay(Period(), context.Time, token));
        }

        if (isLive)
        {
            Say(Environment.NewLine);
        }

        TimeSpan Period() => TimeSpan.FromSeconds(isLive ? 1 : 10);
    }

    /// <summary>A carrier that a line has taken is given back: the interfaces were up.</summary>
    private static void End(RunningPair link)
    {
        var (wan, asked) = (link.Steered.Link, link.Steered.ReadAsked());
        if (asked.Up.Carrier == false)
        {
            try
            {
                wan.SetCarrier(hasCarrier: true);
            }
            catch (LinuxException)
            {
                // An interface is gone, and with it what was to be put back.
            }
        }

        wan.Stop();
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

    /// <summary>The links matter more than what is told of them: where that goes to may be full.</summary>
    private void Say(string words)
    {
        try
        {
            context.Error.Write(words);
        }
        catch (Exception deaf) when (deaf is IOException or ObjectDisposedException)
        {
            // Nobody hears it.
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
                Say($"note: {state.Name} could not be put back: {gone.Message}{Environment.NewLine}");
            }
        }
    }
}

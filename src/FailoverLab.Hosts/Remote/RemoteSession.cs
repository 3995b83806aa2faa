using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace FailoverLab.Hosts;

/// <summary>
/// One channel to a far side: several programs at once, questions to its clock, a lane of instants. Whatever comes back is checked;
/// what is not of the protocol ends this host, and no other. Safe from any thread.
/// </summary>
internal sealed class RemoteSession : IClockExchange, IAsyncDisposable
{
    private const int MaxNoise = 256 * 1024;
    private const int Killed = 128 + 9;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly string _host;
    private readonly RemoteProcess _process;
    private readonly RemoteSettings _settings;
    private readonly string _mark = RemoteBootstrap.NewMark();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<long, RemoteJob> _jobs = new();
    private readonly ConcurrentDictionary<long, Question> _questions = new();
    private readonly TaskCompletionSource<SshFailure> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private TaskCompletionSource<RemoteFacts?> _hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _fired;
    private Task _beating = Task.CompletedTask;
    private long _heardNs;
    private long _lastId;
    private int _noise;
    private bool _isOpen;
    private bool _isClosing;

    private RemoteSession(string host, RemoteProcess process, RemoteSettings settings)
    {
        _host = host;
        _process = process;
        _settings = settings;
        _heardNs = settings.Clock.MonotonicNs;
    }

    /// <summary>What the far side says of itself.</summary>
    public RemoteFacts Facts { get; private set; } = RemoteFacts.Of(new Dictionary<string, string>());

    /// <summary>Completes, with why, when the host is lost or the channel was closed.</summary>
    public Task<SshFailure> Lost => _lost.Task;

    public long ResolutionNs => Facts.ResolutionNs;

    public ClockTurns? Turns => _settings.Turns;

    /// <summary>Sends the far side's program over a started process and waits until it answers.</summary>
    /// <param name="host">The host's name in the plan.</param>
    /// <param name="process">The channel; disposed with the session, and when this fails.</param>
    /// <param name="settings">What it works with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SshException">The host cannot be reached or is no POSIX shell.</exception>
    public static async Task<RemoteSession> OpenAsync(string host, RemoteProcess process, RemoteSettings settings, CancellationToken cancellationToken)
    {
        var session = new RemoteSession(host, process, settings);
        new Thread(session.Read) { IsBackground = true, Name = $"ssh {host}" }.Start();
        try
        {
            await session.SendAsync(RemoteBootstrap.Text(session._mark, settings.Lease), cancellationToken);
            session.Facts = await session.HelloAsync(cancellationToken) ?? throw new InvalidOperationException("no greeting");
            if (settings.Agent is { } agent)
            {
                await session.UpgradeAsync(agent, cancellationToken);
            }

            session._isOpen = true;
            session._beating = session.BeatAsync();
            return session;
        }
        catch
        {
            session._process.Kill();
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var job = await StartAsync(RemoteKind.Now, command.Arguments, command.Environment, command.Input, cancellationToken);
        var hasTime = await IsInTimeAsync(job.Exited, command.Timeout, cancellationToken);
        if (!hasTime)
        {
            await KillAsync(job, "KILL");
            await IsInTimeAsync(job.Exited, _settings.Patience, CancellationToken.None);
        }

        // One that waits within the kernel, for a disk or a file server, does not end even then; who waits for its result shall not wait with it.
        var (output, error) = job.Exited.IsCompleted ? await CollectAsync(job) : (job.Output, job.Error);
        cancellationToken.ThrowIfCancellationRequested();
        var status = job.Exited.IsCompleted ? (await job.Exited).Status : Killed;
        return new ShellResult(status, Encoding.UTF8.GetString(output), Encoding.UTF8.GetString(error), TimedOut: !hasTime);
    }

    /// <summary>Starts a job.</summary>
    public async Task<RemoteJob> StartAsync(
        RemoteKind kind, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        if (arguments.Count == 0 || (kind != RemoteKind.HeldScript && arguments[0] is "" or ['-', ..]))
        {
            throw new StepHostException($"host '{_host}': '{(arguments.Count == 0 ? "" : arguments[0])}' is no program's name");
        }

        if (environment.Keys.FirstOrDefault(k => k.Length == 0 || char.IsAsciiDigit(k[0]) || !k.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) is { } variable)
        {
            throw new StepHostException($"host '{_host}': '{variable}' is no variable's name");
        }

        var job = new RemoteJob(Interlocked.Increment(ref _lastId));
        var chunks = RemoteText.Chunks(input);
        var message = new StringBuilder().Append(CultureInfo.InvariantCulture, $"R {job.Id} {(char)kind} {arguments.Count} {environment.Count} {chunks.Count}\n");
        foreach (var value in environment.Select(e => $"{e.Key}={e.Value}").Concat(arguments))
        {
            message.Append(RemoteText.Line(value)).Append('\n');
        }

        message.Append(string.Concat(chunks.Select(c => c + "\n")));
        _jobs[job.Id] = job;
        await SendAsync(message.ToString(), cancellationToken);
        return job;
    }

    /// <summary>Everything a job printed, once nobody holds its streams; what it left running is ended for that.</summary>
    public async Task<(byte[] Output, byte[] Error)> CollectAsync(RemoteJob job)
    {
        if (!await IsInTimeAsync(job.Closed, Linger, CancellationToken.None))
        {
            await KillAsync(job, "KILL");
            if (!await IsInTimeAsync(job.Closed, Linger, CancellationToken.None))
            {
                // It left its group; let go of the streams it still holds.
                await SendAsync($"D {job.Id}\n", CancellationToken.None);
                if (!await IsInTimeAsync(job.Closed, Linger, CancellationToken.None))
                {
                    return (job.Output, job.Error);
                }
            }
        }

        _jobs.TryRemove(job.Id, out _);
        return (job.Output, job.Error);
    }

    /// <summary>Signals a job's group, as soon as there is one.</summary>
    public async Task KillAsync(RemoteJob job, string signal)
    {
        await WithinPatienceAsync(job.Armed, CancellationToken.None);
        await SendAsync($"K {job.Id} {signal}\n", CancellationToken.None);
    }

    /// <summary>Has the lane release a held job at an offset from the start instant; in order of time.</summary>
    public Task ScheduleAsync(RemoteJob job, long offsetNs, CancellationToken cancellationToken) =>
        SendAsync(string.Create(CultureInfo.InvariantCulture, $"L {offsetNs} {job.Id}\n"), cancellationToken);

    /// <summary>Has the far side release one held job at an instant of its own clock, or at once when that has passed.</summary>
    public Task ReleaseAtAsync(RemoteJob job, long atHostNs, CancellationToken cancellationToken) =>
        SendAsync(string.Create(CultureInfo.InvariantCulture, $"W {job.Id} {atHostNs}\n"), cancellationToken);

    /// <summary>Sets the start instant, host clock; completes when the host has taken it.</summary>
    public async Task FireAsync(long startHostNs)
    {
        _fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(string.Create(CultureInfo.InvariantCulture, $"G {startHostNs}\n"), CancellationToken.None);
        await WithinPatienceAsync(_fired.Task, CancellationToken.None);
    }

    /// <summary>Drops what the lane has not released yet.</summary>
    public Task CancelLaneAsync() => SendAsync("C\n", CancellationToken.None);

    /// <summary>Asks once; what awaits this goes on upon the thread that reads, where it must not block.</summary>
    public async Task<ClockSample> ExchangeAsync(CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var question = new Question();
        var bytes = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"T {id}\n"));
        await _sending.WaitAsync(cancellationToken);
        try
        {
            _questions[id] = question;
            if (_lost.Task.IsCompleted)
            {
                throw await LossAsync();
            }

            question.SentNs = _settings.Clock.RealtimeNs;
            _process.Input.Write(bytes);
            _process.Input.Flush();
        }
        catch (IOException)
        {
            throw await LossAsync();
        }
        finally
        {
            _sending.Release();
        }

        return await question.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the client without a word, as a crash would.</summary>
    internal void Cut() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        _isClosing = true;
        await _ending.CancelAsync();
        if (_isOpen && !_lost.Task.IsCompleted)
        {
            try
            {
                await SendAsync("Q\n", CancellationToken.None);
                await IsInTimeAsync(_lost.Task, Linger, CancellationToken.None);

                // It stops speaking before it has put everything away.
                await IsInTimeAsync(_process.ExitAsync(CancellationToken.None), Linger, CancellationToken.None);
            }
            catch (StepHostException)
            {
                // It went by itself.
            }
        }

        _process.Kill();
        if (!await IsInTimeAsync(_lost.Task, Linger, CancellationToken.None))
        {
            // Somebody else holds the stream that is read, and nobody shall wait for that.
            Fail(new SshFailure(SshFailureKind.Closed, _host, "the channel was closed from here", ""));
        }

        await _beating;
    }

    private async Task<RemoteFacts?> HelloAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _hello.Task.WaitAsync(_settings.Patience, _settings.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // ssh may have said why by now; if not, something answers there that is no shell, or nothing does.
            Fail(new SshFailure(SshFailureKind.NoShell, _host, $"no POSIX shell answered within {_settings.Patience.TotalSeconds:0} s", "log in by hand: what runs there? Give the account a shell, or name one in 'shell'"));
            throw new SshException(await _lost.Task);
        }
    }

    /// <summary>Has our own program on the far side answer from now on; nothing may run there yet. When it cannot, the shell stays.</summary>
    public async Task UpgradeAsync(string agent, CancellationToken cancellationToken)
    {
        _hello = new TaskCompletionSource<RemoteFacts?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync($"U\n{RemoteText.Line(agent)}\n", cancellationToken);
        Facts = await HelloAsync(cancellationToken) ?? Facts;
    }

    private async Task SendAsync(string message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            // Not to be cut short in the middle of a message: the channel would be out of step.
            await _process.Input.WriteAsync(Encoding.ASCII.GetBytes(message), CancellationToken.None);
            await _process.Input.FlushAsync(CancellationToken.None);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            throw await LossAsync();
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task<SshException> LossAsync()
    {
        if (!await IsInTimeAsync(_lost.Task, Linger, CancellationToken.None))
        {
            Fail(new SshFailure(SshFailureKind.Closed, _host, "the channel takes nothing any more", "the link or the host went away; see to the management path"));
        }

        return new SshException(await _lost.Task);
    }

    private async Task WithinPatienceAsync(Task task, CancellationToken cancellationToken) =>
        await WithinPatienceAsync(task.ContinueWith(static t => { t.GetAwaiter().GetResult(); return true; }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default), cancellationToken);

    private async Task<T> WithinPatienceAsync<T>(Task<T> task, CancellationToken cancellationToken)
    {
        if (!await IsInTimeAsync(Task.WhenAny(task, _lost.Task), _settings.Patience, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // It tells the time, or it would have been given up already, but not this.
            Fail(new SshFailure(SshFailureKind.Silent, _host, $"no answer to a request for {_settings.Patience.TotalSeconds:0} s", "the host hangs; log in by hand and see what it waits for"));
        }

        return task.IsCompleted ? await task : throw new SshException(await _lost.Task);
    }

    private async Task<bool> IsInTimeAsync(Task task, TimeSpan time, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(time, _settings.Time, cancellationToken);
            return true;
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Renews the lease, and notices a host that no longer answers.</summary>
    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(_settings.Lease / 5, _settings.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                if (_settings.Clock.MonotonicNs - Interlocked.Read(ref _heardNs) > _settings.Patience.Ticks * 100)
                {
                    Fail(new SshFailure(SshFailureKind.Silent, _host, $"no answer for {_settings.Patience.TotalSeconds:0} s", "the link or the host went away, or the host hangs; see to the management path"));
                    return;
                }

                _ = ExchangeAsync(_ending.Token).ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            // The session ends.
        }
    }

    /// <summary>A thread of its own: an answer is stamped when the kernel has it, not when a pool has a thread free.</summary>
    private void Read()
    {
        var buffer = new byte[32 * 1024];
        var lines = new RemoteLines();
        try
        {
            int read;
            while ((read = _process.Output.Read(buffer)) > 0)
            {
                var heardNs = _settings.Clock.RealtimeNs;
                Interlocked.Exchange(ref _heardNs, _settings.Clock.MonotonicNs);
                if (!lines.Push(buffer.AsSpan(0, read), line => Take(line, heardNs)))
                {
                    Garbage($"a line longer than {RemoteFrame.MaxLength} bytes");
                }

                if (_lost.Task.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // Read as the end.
        }

        Conclude(lines.IsInLine);
    }

    private void Conclude(bool isTorn)
    {
        var error = _process.Error.Wait(Linger) ? _process.Error.Result : "";
        var failure = SshFailureReader.Read(_host, error, _isOpen);
        Fail(failure.Kind == SshFailureKind.Closed && isTorn ? failure with { Message = failure.Message + ", in the middle of a line" } : failure);
    }

    private void Take(string line, long heardNs)
    {
        if (_lost.Task.IsCompleted)
        {
            return;
        }

        if (RemoteFrame.Read(line, _mark) is not { } frame)
        {
            // Before the greeting, what login scripts print is passed over, within reason.
            _noise += line.Length + 1;
            if (_isOpen || _noise > MaxNoise)
            {
                Garbage($"'{SshFailureReader.Printable(line.Length > 60 ? line[..60] : line)}'");
            }

            return;
        }

        if (!IsExpected(frame, heardNs))
        {
            Garbage($"a message '{frame.Verb} {frame.Id}' that nothing asked for");
        }
    }

    private bool IsExpected(in RemoteFrame frame, long heardNs)
    {
        switch (frame.Verb)
        {
            case 'H' when frame.Facts.TryGetValue("fault", out var fault):
                Fail(new SshFailure(SshFailureKind.NoShell, _host, $"the far shell cannot be used: {SshFailureReader.Printable(fault)}", "see docs/HOSTS.md for what the far side needs"));
                return true;
            case 'H':
                return _hello.TrySetResult(RemoteFacts.Of(frame.Facts));
            case 'U':
                return _hello.TrySetResult(null);
            case 'T':
                return _questions.TryRemove(frame.Id, out var question) && frame.A <= frame.B
                    && question.Answer.TrySetResult(new ClockSample(question.SentNs, frame.A, frame.B, heardNs));
            case 'G':
                return _fired?.TrySetResult() == true;
            case 'C' or 'K':
                return true;
            default:
                return _jobs.TryGetValue(frame.Id, out var job) && job.Take(frame);
        }
    }

    private void Garbage(string what) =>
        Fail(new SshFailure(SshFailureKind.Garbage, _host, $"the far side sent {what}", "something else than our program answers there, or prints into its channel"));

    private void Fail(SshFailure failure)
    {
        if (!_lost.TrySetResult(_isClosing ? new SshFailure(SshFailureKind.Closed, _host, "the channel was closed from here", "") : failure))
        {
            return;
        }

        if (!_isClosing)
        {
            _process.Kill();
        }

        var reason = new SshException(failure);
        _hello.TrySetException(reason);
        _ = _hello.Task.Exception;
        foreach (var job in _jobs.Values)
        {
            job.Fail(reason);
        }

        foreach (var question in _questions.Values)
        {
            // What awaits it goes on at once, and shall not here.
            _ = Task.Run(() => question.Answer.TrySetException(reason));
        }
    }

    private sealed class Question
    {
        /// <summary>Whoever awaits it goes on upon the thread that reads.</summary>
        public TaskCompletionSource<ClockSample> Answer { get; } = new();

        public long SentNs { get; set; }
    }
}

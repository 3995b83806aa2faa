using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>
/// One host under guard: its lock is held, its lease renewed, and every change is announced in the journal and laid ready to be undone on the host
/// itself before it is made. Changes go through <see cref="Fenced"/>. Thread-safe.
/// </summary>
public sealed class LabGuard : IAsyncDisposable
{
    private readonly GuardChannel _channel;
    private readonly RestorationJournal _journal;
    private readonly GuardOptions _options;
    private readonly TimeProvider _time;
    private readonly LeaseKeeper _keeper;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _renewing;

    private LabGuard(GuardChannel channel, RestorationJournal journal, GuardOptions options, TimeProvider time)
    {
        _channel = channel;
        _journal = journal;
        _options = options;
        _time = time;
        _keeper = new LeaseKeeper(options.Lease, Now);
        Fenced = new FencedShell(channel, time);
        _renewing = Task.Run(RenewAsync);
    }

    /// <summary>The host's name in the plan.</summary>
    public string Host => _channel.Host;

    /// <summary>The shell that changes must go through: it refuses once the host has put itself back.</summary>
    public IShell Fenced { get; }

    /// <summary>Whether the host has taken the run for dead and put itself back.</summary>
    public bool IsLost => _keeper.IsLost;

    /// <summary>Times the guard on the host was found dead and started again.</summary>
    public int Restarts => _keeper.Restarts;

    private TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Takes a host: its lock, its lease, its guard.</summary>
    /// <param name="shell">A way to the host for the guard's calls alone, over which several commands may run at once: renewals wait for no other; not disposed here.</param>
    /// <param name="journal">The run's journal.</param>
    /// <param name="options">Lease and place.</param>
    /// <param name="time">Timers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">Another run holds the host, it lacks a tool, or it cannot be written to; nothing was changed.</exception>
    public static async Task<LabGuard> ArmAsync(IShell shell, RestorationJournal journal, GuardOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var channel = new GuardChannel(shell, new GuardScript(options.Root, journal.Ledger.Run));
        var script = channel.Script;
        journal.Announce(new JournalRecord { Kind = JournalRecordKind.Host, Host = shell.Host, Reach = options.Reach with { Root = options.Root } });
        foreach (var command in (ShellCommand[])[script.Put(), script.Fit(), script.Arm(options.Lease, options.Owner)])
        {
            var result = await channel.RunAsync(command, cancellationToken);
            if (!result.IsSuccess)
            {
                throw new StepHostException($"host '{shell.Host}' cannot be guarded: {GuardChannel.Said(result)}; nothing was changed there");
            }
        }

        for (var n = 0; options.UndoesOnChannelEnd && n < 2; n++)
        {
            await channel.RunAsync(script.Tie(), cancellationToken);
        }

        return new LabGuard(channel, journal, options, time);
    }

    /// <summary>Announces a change: the state before is read on the host, the undo laid ready there, and the journal is on the disk when this returns.</summary>
    /// <param name="intent">The change and how to come back. Of a target changed before, only what was laid ready the first time counts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The change's number, for <see cref="DoneAsync"/>.</returns>
    /// <exception cref="StepHostException">It must not be made: the host put itself back, is full or gone, or the journal cannot be written.</exception>
    /// <exception cref="StepFailedException">It must not be made: the state is not the one the undo leads back to, or somebody else changed it meanwhile.</exception>
    public async Task<int> IntendAsync(ChangeIntent intent, CancellationToken cancellationToken)
    {
        if (!intent.IsForGuard)
        {
            throw new StepFailedException($"{intent.Target} on host '{Host}' has no command that undoes it, or none that proves it, so it was not touched");
        }

        if (_journal.Ledger.Find(intent.Host, intent.Kind, intent.Target) is { } known)
        {
            await AskAsync(_channel.Script.Intend(known.Id), intent, cancellationToken);
            _journal.Announce(new JournalRecord { Kind = JournalRecordKind.Again, Host = Host, Change = known.Id });
            return known.Id;
        }

        var id = _journal.NextChange();
        var before = await AskAsync(_channel.Script.Prepare(id, intent), intent, cancellationToken);
        if (intent.Checks.Any(c => c.Expected.Length > 0) && before != ShellText.State(intent.Checks))
        {
            throw new StepFailedException($"{intent.Target} on host '{Host}' is not as it was when its snapshot was taken, so it was not touched:\n{before}");
        }

        _journal.Announce(new JournalRecord { Kind = JournalRecordKind.Intent, Host = Host, Change = id, Intent = intent with { IsGuarded = true }, State = before });
        return id;
    }

    /// <summary>Says that an announced change was made; what it made of the state is read and kept, so that another's later change can be told.</summary>
    /// <param name="change">Its number.</param>
    /// <param name="cancellationToken">Gives up; the change is then undone as ours whatever it looks like.</param>
    /// <returns>The state as read.</returns>
    public async Task<string> DoneAsync(int change, CancellationToken cancellationToken)
    {
        var result = await _channel.RunAsync(_channel.Script.Done(change), cancellationToken);
        var after = result.Output.TrimEnd('\n');
        if (result.IsSuccess)
        {
            _journal.Note(new JournalRecord { Kind = JournalRecordKind.Done, Host = Host, Change = change, State = after });
        }

        return after;
    }

    /// <summary>Announces a change, makes it, and says so.</summary>
    /// <param name="intent">The change and how to come back.</param>
    /// <param name="act">Makes it, through <see cref="Fenced"/>; run at most once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T> ChangeAsync<T>(ChangeIntent intent, Func<Task<T>> act, CancellationToken cancellationToken)
    {
        var id = await IntendAsync(intent, cancellationToken);
        var made = await act();
        await DoneAsync(id, cancellationToken);
        return made;
    }

    /// <summary>Announces a change and lays it ready: the journal is on the disk and the undo on the host before any of it is there. Made at its instant, it is read and said.</summary>
    /// <param name="intent">The change and how to come back.</param>
    /// <param name="prepare">Lays it ready, through <see cref="Fenced"/>; run at most once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IPreparedLink> PrepareAsync(ChangeIntent intent, Func<Task<IPreparedLink>> prepare, CancellationToken cancellationToken)
    {
        var id = await IntendAsync(intent, cancellationToken);
        return new AnnouncedLink(await prepare(), _ => DoneAsync(id, CancellationToken.None));
    }

    /// <summary>Undoes everything of this host, newest first, proves it, and takes the guard away once all is back.</summary>
    /// <param name="undoers">Who undoes what no shell of the host can.</param>
    /// <returns>How each change stands.</returns>
    internal async Task<HostRestoration> RestoreAsync(IReadOnlyList<IUndoer> undoers)
    {
        var result = await HostUndo.RunAsync(Host, _journal, c => _channel.UndoAsync(c, undoers), DisarmAsync, _time);
        await StopRenewingAsync();
        return result;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopRenewingAsync();
        _ending.Dispose();
        _channel.Dispose();
    }

    private async Task<string?> DisarmAsync()
    {
        // Renewals end first: a guard that is being taken away must not be found dead and started again.
        await StopRenewingAsync();
        var result = await _channel.RunAsync(_channel.Script.Disarm(), CancellationToken.None);
        return result.IsSuccess ? null : GuardChannel.Said(result);
    }

    private async Task StopRenewingAsync()
    {
        if (!_ending.IsCancellationRequested)
        {
            await _ending.CancelAsync();
        }

        await _renewing;
    }

    private async Task<string> AskAsync(ShellCommand command, ChangeIntent intent, CancellationToken cancellationToken)
    {
        var result = await _channel.RunAsync(command, cancellationToken);
        return result switch
        {
            { IsSuccess: true } => result.Output.TrimEnd('\n'),
            { Status: GuardScript.Over } => throw new StepHostException($"host '{Host}' has taken the run for dead and put itself back; nothing is changed there any more"),
            { Status: GuardScript.Foreign } => throw new StepFailedException($"{intent.Target} on host '{Host}' was changed by somebody else meanwhile, so it was not touched:\n{result.Output.TrimEnd()}"),
            _ => throw new StepHostException($"{intent.Target} on host '{Host}' was not changed: {GuardChannel.Said(result)}"),
        };
    }

    private async Task RenewAsync()
    {
        try
        {
            while (!_keeper.IsLost)
            {
                var wait = _keeper.NextAt - Now;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, _time, _ending.Token);
                }

                await RenewOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The guard is no longer needed.
        }
    }

    private async Task RenewOnceAsync()
    {
        var askedAt = Now;
        try
        {
            var result = await _channel.RenewAsync(_options.Lease, _ending.Token);
            if (result.IsSuccess)
            {
                _keeper.OnRenewed(askedAt, result.Output.StartsWith("restarted", StringComparison.Ordinal));
            }
            else if (result.Status == GuardScript.Over)
            {
                _keeper.OnOver();
            }
            else
            {
                _keeper.OnSilence(Now);
            }
        }
        catch (StepHostException)
        {
            _keeper.OnSilence(Now);
        }
    }
}

using System.Globalization;
using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>
/// Our own emulator between the two interfaces of the machine in the middle: the program's verb <c>wan</c>, started there when the run is armed, changed by
/// lines at its control socket, and ended when the link is given back. While it runs the machine itself neither bridges nor answers what arrives there.
/// </summary>
public sealed class EmulatorDriver : ILinkDriver
{
    /// <summary>Where the control socket lies, on the host. Memory, not disk.</summary>
    public const string DefaultFolder = "/run/failoverlab";

    private const long LongestTraceBytes = 16 << 20;
    private readonly IShell _shell;
    private readonly LinkPlan _plan;
    private readonly LinkSides _sides;
    private readonly ulong _seed;
    private readonly TimeProvider _time;
    private readonly string _socket;
    private readonly EmulatorScripts _scripts;
    private readonly string _name;
    private LinkChange _up;
    private LinkChange _down;
    private bool _isStarted;

    /// <summary>Makes the driver; nothing is touched.</summary>
    /// <param name="plan">The link, with both interfaces.</param>
    /// <param name="shell">The machine in the middle, with our program, <c>nft</c> and the right to use both; the caller disposes of it.</param>
    /// <param name="seed">Seed of the run; each link has its own fates of it by the names of its interfaces.</param>
    /// <param name="time">Timers.</param>
    /// <param name="folder">Where the control socket lies, on the host.</param>
    /// <exception cref="StepHostException">An interface's name is missing or unsafe.</exception>
    public EmulatorDriver(LinkPlan plan, IShell shell, ulong seed, TimeProvider time, string folder = DefaultFolder)
    {
        (_plan, _shell, _seed, _time) = (plan, shell, seed, time);
        _sides = LinkSides.Checked(plan.Name, plan.Lan ?? "", plan.Wan ?? "");
        _name = $"{_sides.Lan}-{_sides.Wan}";

        // A sign that no name has: `a-b` and `c` are another link than `a` and `b-c`.
        var own = $"{_sides.Lan}+{_sides.Wan}";
        _socket = $"{folder}/wan-{own}";
        _scripts = new EmulatorScripts(_socket, NftDriver.Table("wan") + "_" + NftDriver.Table(own)["failoverlab_".Length..], _sides);
        (_up, _down) = (plan.Profile, plan.ProfileDown ?? plan.Profile);
    }

    /// <inheritdoc/>
    public string Link => _plan.Name;

    /// <inheritdoc/>
    public string Kind => "emulator";

    /// <inheritdoc/>
    public bool TakesOver => true;

    /// <inheritdoc/>
    public IReadOnlyList<string> CannotDo(LinkChange change) => [];

    /// <inheritdoc/>
    public async Task<LinkSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        foreach (var device in _sides.All)
        {
            await MustAsync(new ShellCommand("ip", "-o", "link", "show", "dev", device), cancellationToken);
            await RefuseAddressesAsync(device, cancellationToken);
        }

        var seen = (await MustAsync(_scripts.Look, cancellationToken)).Output.Trim();
        if (seen.Split('\n') is not ["free", .. var found])
        {
            throw new StepHostException($"link {Link}: an emulator of an earlier run is still at {_sides.Lan} and {_sides.Wan} of {_shell.Host}: `recover` ends it; or end it with: {_scripts.End(_scripts.Up)}");
        }

        return new LinkSnapshot
        {
            Link = Link,
            Host = _shell.Host,
            Kind = Kind,
            Undo = [_scripts.End(found)],
            Checks = [new LinkCheck(_scripts.Look, seen)],
            Words = $"{_sides.Lan} and {_sides.Wan} are the machine's own"
                + (found.Any(f => f.EndsWith(EmulatorScripts.Unknown, StringComparison.Ordinal)) ? ", their offloads not told (no ethtool): only the emulator's own end puts them back" : ""),
        };
    }

    /// <inheritdoc/>
    public async Task<LinkApplied> ApplyAsync(LinkDirection direction, LinkChange change, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        if (change == new LinkChange())
        {
            return ReadBack(new LinkApplied(0, ""), await StatusAsync(cancellationToken));
        }

        var made = await ChangeAsync(direction, change, atNs: null, cancellationToken);
        if (made.Any(m => m.EffectNs is null))
        {
            throw new StepFailedException($"{What}: the change was not made");
        }

        Keep(direction, change);
        return ReadBack(new LinkApplied(made.Max(m => m.AcknowledgedNs!.Value), "") { NotBeforeRealtimeNs = made.Min(m => m.EffectNs) }, await StatusAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<IPreparedLink> PrepareAsync(LinkDirection direction, LinkChange change, long atRealtimeNs, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        var clock = await _shell.MeasureClockAsync(cancellationToken);
        if (!clock.IsConsistent)
        {
            throw new StepFailedException($"host '{_shell.Host}': its clock contradicts itself within a second, so nothing can be timed by it; see to chrony or ntpd there");
        }

        // One that has passed is at once.
        long? atNs = atRealtimeNs > NowNs() ? atRealtimeNs + clock.OffsetNs : null;
        var planned = await ChangeAsync(direction, change, atNs, cancellationToken);
        return new PreparedOrder(this, [.. planned.Select(p => p.Number)], () => Keep(direction, change), atRealtimeNs, clock);
    }

    /// <inheritdoc/>
    public async Task<LinkApplied> UndoAsync(LinkSnapshot snapshot, CancellationToken cancellationToken)
    {
        _isStarted = false;
        (_up, _down) = (_plan.Profile, _plan.ProfileDown ?? _plan.Profile);
        return await ShellUndo.RunAsync(_shell, snapshot, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string What => $"link {Link}: the emulator on {_shell.Host}";

    private long NowNs() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>What arrives at the two interfaces is the link's alone from then on: an address there, or at their bridge, would be cut off.</summary>
    private async Task RefuseAddressesAsync(string device, CancellationToken cancellationToken)
    {
        const string Script = "ip -o addr show dev \"$1\" scope global; m=$(readlink \"/sys/class/net/$1/master\") && ip -o addr show dev \"${m##*/}\" scope global; :";
        var seen = (await MustAsync(new ShellCommand("sh", "-c", Script, "sh", device), cancellationToken)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (seen.Length > 0)
        {
            throw new StepHostException($"link {Link}: {device} of {_shell.Host}, or its bridge, has an address ({string.Join(' ', seen[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(3))}); "
                + "what arrives there would be the emulator's alone. Give the machine another interface for its own traffic, or use driver 'netem' or 'nft'");
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_isStarted)
        {
            return;
        }

        if (_shell.OwnProgram is not { Count: > 0 } own)
        {
            throw new StepFailedException($"{What} is our own program, which is not there");
        }

        var start = await _shell.RunAsync(_scripts.Start(own, _seed.ToString(CultureInfo.InvariantCulture)), cancellationToken);
        if (!start.IsSuccess)
        {
            throw new StepFailedException($"{What} did not start: {Complaint.Of(start)}");
        }

        _isStarted = true;
        await TellAsync(LinkDirection.Up, _up with { Carrier = null }, atNs: null, cancellationToken);
        await TellAsync(LinkDirection.Down, _down with { Carrier = null }, atNs: null, cancellationToken);
    }

    /// <summary>Tells both ways by one line, but where a queue that nobody asked for follows the delay of each. All is told, or nothing stays planned.</summary>
    private async Task<IReadOnlyList<EmulatorChange>> ChangeAsync(LinkDirection direction, LinkChange change, long? atNs, CancellationToken cancellationToken)
    {
        var told = new List<EmulatorChange>();
        try
        {
            foreach (var (way, part) in Lines(direction, change))
            {
                told.Add(await TellAsync(way, part, atNs, cancellationToken));
            }
        }
        catch (StepFailedException) when (told.Count > 0)
        {
            await CallOffAsync(told.Select(t => t.Number));
            throw;
        }

        return told;
    }

    private IReadOnlyList<(LinkDirection Way, LinkChange Change)> Lines(LinkDirection direction, LinkChange change)
    {
        var (up, down) = (_up.With(change), _down.With(change));
        var (towards, back) = (up.Queue == _up.Queue ? change : change with { Queue = up.Queue }, down.Queue == _down.Queue ? change : change with { Queue = down.Queue });
        if (direction != LinkDirection.Both || towards == back)
        {
            return [(direction, direction == LinkDirection.Down ? back : towards)];
        }

        return
        [
            (LinkDirection.Up, towards with { Carrier = null }),
            (LinkDirection.Down, back with { Carrier = null }),
            .. change.Carrier is { } carrier ? [(LinkDirection.Both, new LinkChange { Carrier = carrier })] : Array.Empty<(LinkDirection, LinkChange)>(),
        ];
    }

    /// <summary>What has been made belongs to what the link is; what was called off, or never made, does not.</summary>
    private void Keep(LinkDirection direction, LinkChange change)
    {
        _up = direction == LinkDirection.Down ? _up : _up.With(change);
        _down = direction == LinkDirection.Up ? _down : _down.With(change);
    }

    /// <summary>Too late is no fault: whatever a change has become is undone with the rest.</summary>
    private async Task CallOffAsync(IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
        {
            await _shell.RunAsync(Tell(string.Create(CultureInfo.InvariantCulture, $"{{ call-off: {number} }}")), CancellationToken.None);
        }
    }

    private async Task<EmulatorChange> TellAsync(LinkDirection direction, LinkChange change, long? atNs, CancellationToken cancellationToken)
    {
        if (change.Trace is { IsNone: false } trace)
        {
            change = change with { Trace = await LayAsync(trace, cancellationToken) };
        }

        return EmulatorAnswer.Change(await _shell.RunAsync(Tell(LinkLine.Of(_name, direction, change, atNs)), cancellationToken), What);
    }

    /// <summary>A trace is read where the link is.</summary>
    private async Task<TracePlan> LayAsync(TracePlan trace, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            bytes = new FileInfo(trace.File).Length <= LongestTraceBytes
                ? await File.ReadAllBytesAsync(trace.File, cancellationToken)
                : throw new StepFailedException($"link {Link}: the trace '{trace.File}' is longer than 16 MiB, which is not sent to another machine");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new StepFailedException($"link {Link}: {refusal.Message}", refusal);
        }

        var path = $"{_socket}.{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..16]}.trace";
        await MustAsync(EmulatorScripts.Lay(path, bytes), cancellationToken);
        return trace with { File = path };
    }

    /// <summary>Reads what the pipeline does now and whether that is what it was asked.</summary>
    private LinkApplied ReadBack(LinkApplied applied, EmulatorStatus status)
    {
        if (!status.IsRunning)
        {
            throw new StepFailedException($"{What} has ended: {status.Failure ?? "nobody knows why"}");
        }

        return status.Differences is []
            ? applied with { Words = $"up: {status.UpAsked}; down: {status.DownAsked}", Up = _up, Down = _down }
            : throw new StepFailedException($"link {Link} is not as asked: {string.Join("; ", status.Differences)}");
    }

    private async Task<EmulatorStatus> StatusAsync(CancellationToken cancellationToken) =>
        EmulatorAnswer.Status(await _shell.RunAsync(Tell("{ status: all }"), cancellationToken), What);

    private ShellCommand Tell(string line) => _scripts.Tell(line, _shell.OwnProgram);

    private async Task<ShellResult> MustAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var result = await _shell.RunAsync(command, cancellationToken);
        return result.IsSuccess ? result : throw new StepHostException($"link {Link}: {command.Arguments[0]} on {_shell.Host}: {Complaint.Of(result)}");
    }

    /// <summary>A change that the emulator makes by itself when its instant has come.</summary>
    private sealed class PreparedOrder(EmulatorDriver driver, IReadOnlyList<int> numbers, Action keep, long atRealtimeNs, ClockEstimate clock) : IPreparedLink
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
        private LinkAct? _act;
        private EmulatorStatus? _status;

        public async Task<LinkAct?> ActAsync()
        {
            var waitNs = Math.Max(0, atRealtimeNs - driver.NowNs());
            await Task.Delay(TimeSpan.FromTicks(waitNs / 100), driver._time);
            var since = driver._time.GetTimestamp();
            while (true)
            {
                _status = await driver.StatusAsync(CancellationToken.None);
                var ours = _status.Changes.Where(c => numbers.Contains(c.Number)).ToList();
                if (ours.Find(c => c.Failure is not null) is { } failed)
                {
                    throw new StepFailedException($"{driver.What}: {failed.Failure}");
                }

                if (ours.Count(c => c.EffectNs is not null) == numbers.Count)
                {
                    keep();
                    return _act = new LinkAct(ours.Min(c => c.EffectNs!.Value), ours.Max(c => c.AcknowledgedNs!.Value), clock.OffsetNs, clock.BoundNs);
                }

                if (driver._time.GetElapsedTime(since) > Patience)
                {
                    throw new StepFailedException($"{driver.What}: the change was not made within {Patience.TotalSeconds:0} s of its instant");
                }

                await Task.Delay(Pause, driver._time);
            }
        }

        public Task<LinkApplied> FinishAsync(CancellationToken cancellationToken) => _act is null || _status is null
            ? throw new StepFailedException($"{driver.What}: the change was not made")
            : Task.FromResult(driver.ReadBack(new LinkApplied(_act.AtNs, "") { NotBeforeRealtimeNs = _act.NotBeforeNs }, _status));

        public async ValueTask DisposeAsync()
        {
            if (_act is null)
            {
                await driver.CallOffAsync(numbers);
            }
        }
    }
}

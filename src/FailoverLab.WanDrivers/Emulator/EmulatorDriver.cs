using System.Globalization;
using System.Text.Json;
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
        _socket = $"{folder}/wan-{_name}";
        _scripts = new EmulatorScripts(_socket, NftDriver.Table("wan") + "_" + NftDriver.Table(_name)["failoverlab_".Length..]);
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
        if (seen != "free")
        {
            throw new StepHostException($"link {Link}: an emulator of an earlier run is still at {_sides.Lan} and {_sides.Wan} of {_shell.Host}: `recover` ends it; or end it with: {_scripts.End}");
        }

        return new LinkSnapshot
        {
            Link = Link,
            Host = _shell.Host,
            Kind = Kind,
            Undo = [_scripts.End],
            Checks = [new LinkCheck(_scripts.Look, seen)],
            Words = $"{_sides.Lan} and {_sides.Wan} are the machine's own",
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

        var answers = await ChangeAsync(direction, change, atNs: null, cancellationToken);
        var made = answers.Select(a => EmulatorAnswer.Made(a) ?? throw new StepFailedException($"{What}: the change was not made")).ToList();
        return ReadBack(new LinkApplied(made.Max(m => m.AcknowledgedNs), "") { NotBeforeRealtimeNs = made.Min(m => m.EffectNs) }, await StatusAsync(cancellationToken));
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
        var answers = await ChangeAsync(direction, change, atNs, cancellationToken);
        return new PreparedOrder(this, [.. answers.Select(a => a.GetProperty("change").GetInt32())], atRealtimeNs, clock);
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

        string[] program = [.. own, "wan", _sides.Lan, _sides.Wan, "--seed", _seed.ToString(CultureInfo.InvariantCulture), "--control", _socket, "--json"];
        var start = await _shell.RunAsync(_scripts.Start(_sides, program), cancellationToken);
        if (!start.IsSuccess)
        {
            throw new StepFailedException($"{What} did not start: {Complaint.Of(start)}");
        }

        _isStarted = true;
        await TellAsync(LinkDirection.Up, _up with { Carrier = null }, atNs: null, cancellationToken);
        await TellAsync(LinkDirection.Down, _down with { Carrier = null }, atNs: null, cancellationToken);
    }

    /// <summary>Tells both ways by one line, but where a queue that nobody asked for follows the delay of each.</summary>
    private async Task<IReadOnlyList<JsonElement>> ChangeAsync(LinkDirection direction, LinkChange change, long? atNs, CancellationToken cancellationToken)
    {
        var (up, down) = (_up.With(change), _down.With(change));
        var (towards, back) = (up.Queue == _up.Queue ? change : change with { Queue = up.Queue }, down.Queue == _down.Queue ? change : change with { Queue = down.Queue });
        IReadOnlyList<JsonElement> answers = direction == LinkDirection.Both && towards != back
            ?
            [
                await TellAsync(LinkDirection.Up, towards with { Carrier = null }, atNs, cancellationToken),
                await TellAsync(LinkDirection.Down, back with { Carrier = null }, atNs, cancellationToken),
                .. change.Carrier is { } carrier ? [await TellAsync(LinkDirection.Both, new LinkChange { Carrier = carrier }, atNs, cancellationToken)] : (JsonElement[])[],
            ]
            : [await TellAsync(direction, direction == LinkDirection.Down ? back : towards, atNs, cancellationToken)];
        _up = direction == LinkDirection.Down ? _up : up;
        _down = direction == LinkDirection.Up ? _down : down;
        return answers;
    }

    private async Task<JsonElement> TellAsync(LinkDirection direction, LinkChange change, long? atNs, CancellationToken cancellationToken)
    {
        if (change.Trace is { IsNone: false } trace)
        {
            change = change with { Trace = await LayAsync(trace, cancellationToken) };
        }

        return EmulatorAnswer.Read(await _shell.RunAsync(Tell(LinkLine.Of(_name, direction, change, atNs)), cancellationToken), What);
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
    private LinkApplied ReadBack(LinkApplied applied, JsonElement status)
    {
        var link = status.GetProperty("links")[0];
        if (!link.GetProperty("running").GetBoolean())
        {
            throw new StepFailedException($"{What} has ended: {(link.TryGetProperty("failure", out var failure) ? failure.GetString() : "nobody knows why")}");
        }

        string?[] wrong = [Word(link, "upDiffers"), Word(link, "downDiffers")];
        return wrong.All(w => w is null)
            ? applied with { Words = $"up: {Word(link, "upAsked")}; down: {Word(link, "downAsked")}", Up = _up, Down = _down }
            : throw new StepFailedException($"link {Link} is not as asked: {string.Join("; ", wrong.OfType<string>())}");

        static string? Word(JsonElement of, string key) => of.TryGetProperty(key, out var value) ? value.GetString() : null;
    }

    private async Task<JsonElement> StatusAsync(CancellationToken cancellationToken) =>
        EmulatorAnswer.Read(await _shell.RunAsync(Tell("{ status: all }"), cancellationToken), What);

    private ShellCommand Tell(string line) => _scripts.Tell(line, _shell.OwnProgram);

    private async Task<ShellResult> MustAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var result = await _shell.RunAsync(command, cancellationToken);
        return result.IsSuccess ? result : throw new StepHostException($"link {Link}: {command.Arguments[0]} on {_shell.Host}: {Complaint.Of(result)}");
    }

    /// <summary>A change that the emulator makes by itself when its instant has come.</summary>
    private sealed class PreparedOrder(EmulatorDriver driver, IReadOnlyList<int> numbers, long atRealtimeNs, ClockEstimate clock) : IPreparedLink
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
        private LinkAct? _act;
        private JsonElement _status;

        public async Task<LinkAct?> ActAsync()
        {
            var waitNs = Math.Max(0, atRealtimeNs - driver.NowNs());
            await Task.Delay(TimeSpan.FromTicks(waitNs / 100), driver._time);
            var since = driver._time.GetTimestamp();
            while (_act is null)
            {
                _status = await driver.StatusAsync(CancellationToken.None);
                var made = _status.GetProperty("changes").EnumerateArray().Where(c => numbers.Contains(c.GetProperty("change").GetInt32())).Select(EmulatorAnswer.Made).OfType<(long EffectNs, long AcknowledgedNs)>().ToList();
                if (made.Count == numbers.Count)
                {
                    _act = new LinkAct(made.Min(m => m.EffectNs), made.Max(m => m.AcknowledgedNs), clock.OffsetNs, clock.BoundNs);
                }
                else if (driver._time.GetElapsedTime(since) > Patience)
                {
                    throw new StepFailedException($"{driver.What}: the change was not made within {Patience.TotalSeconds:0} s of its instant");
                }
            }

            return _act;
        }

        public Task<LinkApplied> FinishAsync(CancellationToken cancellationToken) => _act is null
            ? throw new StepFailedException($"{driver.What}: the change was not made")
            : Task.FromResult(driver.ReadBack(new LinkApplied(_act.AtNs, "") { NotBeforeRealtimeNs = _act.NotBeforeNs }, _status));

        public async ValueTask DisposeAsync()
        {
            if (_act is null)
            {
                // Too late is no fault: whatever it has become is undone with the rest.
                foreach (var number in numbers)
                {
                    await driver._shell.RunAsync(driver.Tell(string.Create(CultureInfo.InvariantCulture, $"{{ call-off: {number} }}")), CancellationToken.None);
                }
            }
        }
    }
}

using System.Text;
using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>
/// nftables for loss, token buckets for rate and <c>ip link</c> for the carrier, on the two interfaces of the machine in the middle: what
/// netem lacks, and what is left where there is no netem. Tables and buckets are ours and are known by their names.
/// </summary>
public sealed class NftDriver : ILinkDriver
{
    /// <summary>The handle of every bucket of ours.</summary>
    public const string Handle = "f10c:";

    private readonly IShell _shell;
    private readonly LinkSides _sides;
    private readonly Dictionary<string, LinkChange> _states = new(StringComparer.Ordinal);

    /// <summary>Makes the driver; nothing is touched.</summary>
    /// <param name="link">The link's name.</param>
    /// <param name="shell">The machine in the middle, with the right to use <c>nft</c>, <c>tc</c> and <c>ip</c>; the caller disposes of it.</param>
    /// <param name="lan">Its interface towards the site.</param>
    /// <param name="wan">Its interface towards the far end.</param>
    /// <exception cref="StepHostException">An interface's name is unsafe.</exception>
    public NftDriver(string link, IShell shell, string lan, string wan)
    {
        (Link, _shell) = (link, shell);
        _sides = LinkSides.Checked(link, lan, wan);
    }

    /// <inheritdoc/>
    public string Link { get; }

    /// <inheritdoc/>
    public string Kind => "nft";

    /// <summary>The table of an interface: <c>failoverlab_</c> and its name, everything but letters and digits as <c>_</c> and two hexadecimal digits.</summary>
    public static string Table(string device) =>
        "failoverlab_" + string.Concat(device.Select(c => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"_{(int)c:x2}"));

    /// <inheritdoc/>
    public IReadOnlyList<string> CannotDo(LinkChange change) => NftLimits.CannotDo(change);

    /// <inheritdoc/>
    public async Task<LinkSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        var (undo, checks, words) = (new List<ShellCommand>(), new List<LinkCheck>(), new List<string>());
        var isUnknown = false;
        foreach (var device in _sides.All)
        {
            var (root, text) = await QdiscReader.ReadAsync(_shell, device, cancellationToken);
            var tables = (await MustAsync(new ShellCommand("nft", "list", "tables", "netdev"), cancellationToken)).Output;
            if (root.Handle == Handle || tables.Split('\n').Any(t => t.Trim() == $"table netdev {Table(device)}"))
            {
                throw new StepHostException($"link {Link}: {device} of {_shell.Host} still has what an earlier run set: `recover` undoes it; or take it away with: "
                    + $"nft delete table netdev {Table(device)}; tc qdisc del dev {device} root");
            }

            // A bucket takes the place of whatever is there; only the kernel's own comes back by itself.
            if (root.IsKernelDefault)
            {
                undo.Add(new ShellCommand("tc", "qdisc", "del", "dev", device, "root"));
            }

            var isUp = await IsUpAsync(device, cancellationToken);
            undo.Add(new ShellCommand("nft", "delete", "table", "netdev", Table(device)));
            undo.Add(new ShellCommand("ip", "link", "set", "dev", device, isUp ? "up" : "down"));
            checks.Add(new LinkCheck(QdiscReader.Command(device), text));
            checks.Add(new LinkCheck(TableCheck(device), ""));
            checks.Add(new LinkCheck(FlagsCommand(device), (await MustAsync(FlagsCommand(device), cancellationToken)).Output.TrimEnd()));
            words.Add($"{device}: {(isUp ? "up" : "down")}, {root.Kind} {root.Handle}, no rules of ours");
            _states[device] = LinkChange.Good with { Carrier = isUp };
            isUnknown |= !root.IsKernelDefault || !isUp;
        }

        return new LinkSnapshot { Link = Link, Host = _shell.Host, Kind = Kind, Undo = undo, Checks = checks, Words = string.Join("; ", words), IsUnknown = isUnknown };
    }

    /// <inheritdoc/>
    public async Task<LinkApplied> ApplyAsync(LinkDirection direction, LinkChange change, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(direction, change, cancellationToken);
        var applied = new LinkApplied(0, "");

        // The rules of both ways are one transaction: a link that drops everything does so in both at one instant.
        ShellCommand[] transaction = plan.Rules.Count == 0 ? [] : [new ShellCommand("nft", "-f", "-") { Input = Encoding.ASCII.GetBytes(NftPlan.Text(plan.Rules)) }];
        foreach (var command in transaction.Concat(plan.Others))
        {
            var (result, before, after) = await TimedCommand.RunAsync(_shell, command, cancellationToken);
            if (!result.IsSuccess)
            {
                throw new StepFailedException($"link {Link}: {command} on {_shell.Host}: {Complaint.Of(result)}");
            }

            applied = applied with { AtRealtimeNs = after, NotBeforeRealtimeNs = applied.NotBeforeRealtimeNs ?? (before == 0 ? null : before) };
        }

        return await ReadBackAsync(plan, applied, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IPreparedLink> PrepareAsync(LinkDirection direction, LinkChange change, long atRealtimeNs, CancellationToken cancellationToken)
    {
        if (_shell is not IPreparingShell { CanPrepare: true } shell)
        {
            return new UnpreparedLink(this, direction, change);
        }

        var plan = await PlanAsync(direction, change, cancellationToken);
        var batches = plan.Batches;
        if (batches.Any(b => b.Program == "ip") && !(await _shell.RunAsync(new ShellCommand("ip", "-batch", "-"), cancellationToken)).IsSuccess)
        {
            // busybox's ip reads no batches.
            return new UnpreparedLink(this, direction, change);
        }

        foreach (var rules in batches.Where(b => b.Program == "nft"))
        {
            // A transaction that the kernel would refuse is told now, not at the instant.
            var check = new ShellCommand("nft", "-c", "-f", "-") { Input = Encoding.ASCII.GetBytes(rules.Text) };
            var result = await _shell.RunAsync(check, cancellationToken);
            if (!result.IsSuccess)
            {
                throw new StepFailedException($"link {Link}: {check} on {_shell.Host}: {Complaint.Of(result)}");
            }
        }

        var act = await shell.PrepareAsync(batches, new Dictionary<string, string>(), atRealtimeNs, cancellationToken);
        return new PreparedBatches(act, $"link {Link}: {string.Join(" and ", batches.Select(b => b.Program))} on {_shell.Host}", (applied, stop) => ReadBackAsync(plan, applied, stop));
    }

    /// <inheritdoc/>
    public async Task<LinkApplied> UndoAsync(LinkSnapshot snapshot, CancellationToken cancellationToken)
    {
        _states.Clear();
        return await ShellUndo.RunAsync(_shell, snapshot, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Prints 1 when an interface is up, else 0; the rest of what ip says of it may change by itself.</summary>
    private static ShellCommand FlagsCommand(string device) => new("sh", "-c", "ip -o link show dev \"$1\" >/dev/null || exit; ip -o link show dev \"$1\" up | grep -c . || :", "sh", device);

    /// <summary>Prints nothing while there is no table of ours on an interface; the name comes as an argument.</summary>
    private static ShellCommand TableCheck(string device) => new("sh", "-c", "nft list tables netdev | grep -x -F \"table netdev $1\" || :", "sh", Table(device));

    /// <summary>What must be run to come from what is known of the link to what is asked. Until it is read back, nothing is known of the interfaces touched.</summary>
    private async Task<NftPlan> PlanAsync(LinkDirection direction, LinkChange change, CancellationToken cancellationToken)
    {
        if (CannotDo(change) is { Count: > 0 } faults)
        {
            throw new StepFailedException($"link {Link}: {string.Join("; ", faults)}");
        }

        var carrier = change.Carrier;
        var asked = new List<(string Device, LinkChange State)>();
        var (rules, others) = (new List<string>(), new List<ShellCommand>());
        foreach (var device in carrier is null ? _sides.Of(direction) : _sides.All)
        {
            var isThisWay = _sides.Of(direction).Contains(device);
            var known = await FindAsync(device, cancellationToken);
            var state = known.With(isThisWay ? change : new LinkChange { Carrier = carrier });
            _states.Remove(device);
            if (NftRules.Of(state) != NftRules.Of(known))
            {
                rules.AddRange(NftRules.Of(state).Script(Table(device), device));
            }

            others.AddRange(await BucketAsync(device, TbfSettings.Of(known), TbfSettings.Of(state), cancellationToken));
            if (state.Carrier != known.Carrier)
            {
                others.Add(new ShellCommand("ip", "link", "set", "dev", device, state.Carrier == false ? "down" : "up"));
            }

            asked.Add((device, state));
        }

        return new NftPlan(asked, rules, others);
    }

    /// <summary>Reads back when both ways are changed, so that they fall as close together as can be.</summary>
    private async Task<LinkApplied> ReadBackAsync(NftPlan plan, LinkApplied applied, CancellationToken cancellationToken)
    {
        var words = new List<string>();
        foreach (var (device, state) in plan.Asked)
        {
            var seen = await ReadBackAsync(device, state, cancellationToken);
            _states[device] = state;
            words.Add($"{device}: {(seen.Words.Length == 0 ? "good" : seen.Words)}");
            applied = device == _sides.Wan ? applied with { Up = seen.Change } : applied with { Down = seen.Change };
        }

        return applied with { Words = string.Join("; ", words) };
    }

    private async Task<IEnumerable<ShellCommand>> BucketAsync(string device, TbfSettings? now, TbfSettings? next, CancellationToken cancellationToken)
    {
        if (now == next)
        {
            return [];
        }

        var (root, _) = await QdiscReader.ReadAsync(_shell, device, cancellationToken);
        if (!root.IsKernelDefault && root.Handle != Handle)
        {
            throw new StepFailedException($"link {Link}: {device} of {_shell.Host} has a {root.Kind} {root.Handle} that is not ours; it is left alone, and no rate can be set beside it");
        }

        // A rate that is lifted leaves its bucket, open: it goes with the undo.
        var bucket = next ?? (root.Handle == Handle ? TbfSettings.Open(now!) : null);
        return bucket is null ? [] : [new ShellCommand(["tc", "qdisc", root.Handle == Handle ? "change" : "add", "dev", device, "root", "handle", Handle, .. bucket.Arguments])];
    }

    private async Task<(string Words, LinkChange Change)> ReadBackAsync(string device, LinkChange state, CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        var asked = NftRules.Of(state);
        var listed = await _shell.RunAsync(new ShellCommand("nft", "-j", "list", "table", "netdev", Table(device)), cancellationToken);
        var rules = listed.IsSuccess ? NftRules.Read(listed.Output) : NftRules.None;
        if (rules != asked)
        {
            wrong.Add($"rules: asked {asked}, applied {rules?.ToString() ?? listed.Output.Trim()}");
        }

        var bucket = TbfSettings.Of(state);
        var (root, _) = await QdiscReader.ReadAsync(_shell, device, cancellationToken);
        if (bucket is null ? root.Handle == Handle && RateOf(root) != LinkChange.Unlimited : root is not { Kind: "tbf", Handle: Handle })
        {
            wrong.Add($"token bucket: asked {(bucket is null ? "none" : "one")}, applied {root.Kind} {root.Handle}");
        }
        else if (bucket is not null)
        {
            wrong.AddRange(bucket.Differences(root.Options));
        }

        var isUp = await IsUpAsync(device, cancellationToken);
        if (isUp != (state.Carrier ?? true))
        {
            wrong.Add($"interface: asked {(isUp ? "down" : "up")}, applied {(isUp ? "up" : "down")}");
        }

        return wrong.Count > 0
            ? throw new StepFailedException($"link {Link}, {device} is not as asked: {string.Join("; ", wrong)}")
            : (string.Join(", ", new[] { isUp ? "" : "no carrier", rules!.Words, bucket?.Words ?? "" }.Where(w => w.Length > 0)),
                rules.ToChange() with { Carrier = isUp, Rate = bucket is null ? LinkChange.Unlimited : RateOf(root) });
    }

    private async Task<LinkChange> FindAsync(string device, CancellationToken cancellationToken)
    {
        if (_states.TryGetValue(device, out var known))
        {
            return known;
        }

        // Without a snapshot: what an earlier driver of ours left there is where this one goes on.
        var listed = await _shell.RunAsync(new ShellCommand("nft", "-j", "list", "table", "netdev", Table(device)), cancellationToken);
        var rules = listed.IsSuccess ? NftRules.Read(listed.Output) : NftRules.None;
        var (root, _) = await QdiscReader.ReadAsync(_shell, device, cancellationToken);
        var rate = root is { Kind: "tbf", Handle: Handle } ? RateOf(root) : LinkChange.Unlimited;
        return rules is null
            ? throw new StepFailedException($"link {Link}: table {Table(device)} of {_shell.Host} holds rules that are not ours; it is left alone")
            : LinkChange.Good.With(rules.ToChange()) with { Carrier = await IsUpAsync(device, cancellationToken), Rate = rate };
    }

    /// <summary>The rate a token bucket says it has; that of an open one is no limit.</summary>
    private static DataRate RateOf(Qdisc bucket) =>
        bucket.Options.TryGetProperty("rate", out var bytes) && bytes.TryGetInt64(out var rate) && rate > 0 && !TbfSettings.IsOpen(new DataRate(rate * 8))
            ? new DataRate(rate * 8)
            : LinkChange.Unlimited;

    private async Task<bool> IsUpAsync(string device, CancellationToken cancellationToken) =>
        (await MustAsync(FlagsCommand(device), cancellationToken)).Output.Trim() == "1";

    private async Task<ShellResult> MustAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var result = await _shell.RunAsync(command, cancellationToken);
        return result.IsSuccess ? result : throw new StepHostException($"{_shell.Host}: {command}: {Complaint.Of(result)}");
    }
}

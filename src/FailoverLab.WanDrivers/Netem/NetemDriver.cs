using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>
/// The kernel's netem on the two interfaces of the machine in the middle of a link. One netem an interface, under a handle of our own, changed in
/// place; what a change does not name is told again as it was.
/// </summary>
public sealed class NetemDriver : ILinkDriver
{
    /// <summary>The handle of every netem of ours: how leftovers are known, and why nobody else's is ever changed.</summary>
    public const string Handle = "f10b:";

    private readonly IShell _shell;
    private readonly LinkSides _sides;
    private readonly ulong? _seed;
    private readonly Dictionary<string, NetemSide> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _changes = new(StringComparer.Ordinal);
    private bool? _takesSeed;

    /// <summary>Makes the driver; nothing is touched.</summary>
    /// <param name="link">The link's name.</param>
    /// <param name="shell">The machine in the middle, with the right to use <c>tc</c>; the caller disposes of it.</param>
    /// <param name="lan">Its interface towards the site.</param>
    /// <param name="wan">Its interface towards the far end.</param>
    /// <param name="seed">Seed of netem's draws, where kernel and iproute2 know one (6.6 and later); elsewhere it has no effect, and what is read back says so.</param>
    /// <exception cref="StepHostException">An interface's name is unsafe.</exception>
    public NetemDriver(string link, IShell shell, string lan, string wan, ulong? seed = null)
    {
        (Link, _shell, _seed) = (link, shell, seed);
        _sides = LinkSides.Checked(link, lan, wan);
    }

    /// <inheritdoc/>
    public string Link { get; }

    /// <inheritdoc/>
    public string Kind => "netem";

    /// <inheritdoc/>
    public IReadOnlyList<string> CannotDo(LinkChange change) => NetemPlanner.CannotDo(change);

    /// <inheritdoc/>
    public async Task<LinkSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        var (undo, checks, words) = (new List<ShellCommand>(), new List<LinkCheck>(), new List<string>());
        var isUnknown = false;
        foreach (var device in _sides.All)
        {
            var (root, text) = await QdiscReader.ReadAsync(_shell, device, cancellationToken);
            undo.Add(Restore(device, root));
            checks.Add(new LinkCheck(QdiscReader.Command(device), text));
            words.Add($"{device}: {(root.IsKernelDefault ? "kernel default" : NetemReading.Of(root.Options).Words(isTabled: false))} ({root.Kind} {root.Handle})");
            _known[device] = NetemSide.Found(root);
            isUnknown |= !root.IsKernelDefault;
        }

        return new LinkSnapshot { Link = Link, Host = _shell.Host, Kind = Kind, Undo = undo, Checks = checks, Words = string.Join("; ", words), IsUnknown = isUnknown };
    }

    /// <inheritdoc/>
    public async Task<LinkApplied> ApplyAsync(LinkDirection direction, LinkChange change, CancellationToken cancellationToken)
    {
        var next = await PlanAsync(direction, change, cancellationToken);
        await using var library = await LibraryAsync(next, cancellationToken);
        var command = new ShellCommand("tc", "-batch", "-") { Input = System.Text.Encoding.ASCII.GetBytes(Batch(next)) };
        var (result, before, after) = await TimedCommand.RunAsync(_shell, library is null ? command : command with { Environment = library.Environment }, cancellationToken);
        return result.IsSuccess
            ? await ReadBackAsync(next, new LinkApplied(after, "") { NotBeforeRealtimeNs = before == 0 ? null : before }, cancellationToken)
            : throw new StepFailedException($"link {Link}: tc on {_shell.Host}: {Complaint.Of(result)}{Cure(result.Error)}");
    }

    /// <inheritdoc/>
    public async Task<IPreparedLink> PrepareAsync(LinkDirection direction, LinkChange change, long atRealtimeNs, CancellationToken cancellationToken)
    {
        if (_shell is not IPreparingShell { CanPrepare: true } shell)
        {
            return new UnpreparedLink(this, direction, change);
        }

        var next = await PlanAsync(direction, change, cancellationToken);
        var library = await LibraryAsync(next, cancellationToken);
        try
        {
            var act = await shell.PrepareAsync([new ActBatch("tc", "-batch", Batch(next))], library?.Environment ?? new Dictionary<string, string>(), atRealtimeNs, cancellationToken);
            return new PreparedBatches(act, $"link {Link}: tc on {_shell.Host}", (applied, stop) => ReadBackAsync(next, applied, stop), Cure) { Beside = library };
        }
        catch
        {
            await (library?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<LinkApplied> UndoAsync(LinkSnapshot snapshot, CancellationToken cancellationToken)
    {
        _known.Clear();
        return await ShellUndo.RunAsync(_shell, snapshot, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The command that brings a found state back.</summary>
    /// <exception cref="StepHostException">It could not be brought back, so it must not be touched.</exception>
    private ShellCommand Restore(string device, Qdisc root)
    {
        if (root.IsKernelDefault)
        {
            return new ShellCommand("tc", "qdisc", "del", "dev", device, "root");
        }

        var cure = $"take it away with: {new ShellCommand("tc", "qdisc", "del", "dev", device, "root")}";
        if (root.Handle == Handle)
        {
            throw new StepHostException($"link {Link}: {device} of {_shell.Host} still has the {root.Kind} of an earlier run: `recover` undoes it; or {cure}");
        }

        var reading = NetemReading.Of(root.Options);
        if (root.Kind != "netem" || reading.Foreign.Length > 0 || reading.Spread > 0)
        {
            var why = root.Kind != "netem" ? "" : $" with {(reading.Foreign.Length > 0 ? reading.Foreign : "jitter, whose distribution cannot be read")}";
            throw new StepHostException($"link {Link}: {device} of {_shell.Host} has a {root.Kind} {root.Handle}{why} that is not ours and could not be put back; if it is not needed, {cure}");
        }

        return new ShellCommand(["tc", "qdisc", "replace", "dev", device, "root", "handle", root.Handle, .. NetemArguments.Of(reading.ToSettings(), table: null)]);
    }

    private async Task<NetemSide> FindAsync(string device, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(device, out var known))
        {
            return known;
        }

        var (root, _) = await QdiscReader.ReadAsync(_shell, device, cancellationToken);
        return root.IsKernelDefault || root is { Kind: "netem", Handle: Handle }
            ? NetemSide.Found(root)
            : throw new StepFailedException($"link {Link}: {device} of {_shell.Host} has a {root.Kind} {root.Handle} that is not ours and was not there when the state was taken; it is left alone");
    }

    /// <summary>What each interface touched shall be. Until it is read back, nothing is known of them.</summary>
    private async Task<IReadOnlyList<(string Device, NetemSide Side, NetemSettings Settings)>> PlanAsync(LinkDirection direction, LinkChange change, CancellationToken cancellationToken)
    {
        var devices = _sides.Of(direction);
        var next = new List<(string Device, NetemSide Side, NetemSettings Settings)>();
        foreach (var device in devices)
        {
            var side = await FindAsync(device, cancellationToken);
            var state = side.State.With(change);
            if (NetemPlanner.CannotDo(state) is { Count: > 0 } faults)
            {
                throw new StepFailedException($"link {Link}, {device}: {string.Join("; ", faults)}");
            }

            next.Add((device, side with { State = state }, NetemPlanner.Plan(state, await SeedAsync(device, cancellationToken), side.MayHaveTable)));
        }

        devices.ToList().ForEach(d => _known.Remove(d));
        return next;
    }

    /// <summary>Both interfaces by one tc, within microseconds of each other.</summary>
    private static string Batch(IReadOnlyList<(string Device, NetemSide Side, NetemSettings Settings)> next) =>
        string.Concat(next.Select(n => string.Join(' ',
            ["qdisc", n.Side.Verb, "dev", n.Device, "root", "handle", Handle, .. NetemArguments.Of(n.Settings, n.Settings.Table != n.Side.Table ? n.Settings.Table : null)]) + "\n"));

    private async Task<TableLibrary?> LibraryAsync(IReadOnlyList<(string Device, NetemSide Side, NetemSettings Settings)> next, CancellationToken cancellationToken)
    {
        var tables = next.Where(n => n.Settings.Table is not null && n.Settings.Table != n.Side.Table).Select(n => n.Settings.Table!).DistinctBy(t => t.Name).ToList();
        return tables.Count == 0 ? null : await TableLibrary.MakeAsync(_shell, tables, cancellationToken);
    }

    private async Task<LinkApplied> ReadBackAsync(
        IReadOnlyList<(string Device, NetemSide Side, NetemSettings Settings)> next, LinkApplied applied, CancellationToken cancellationToken)
    {
        var words = new List<string>();
        foreach (var (device, side, settings) in next)
        {
            var (root, _) = await QdiscReader.ReadAsync(_shell, device, cancellationToken);
            var reading = NetemReading.Of(root.Options);
            IReadOnlyList<string> wrong = root is { Kind: "netem", Handle: Handle } ? reading.Differences(settings) : [$"there is {root.Kind} {root.Handle} instead"];
            if (wrong.Count > 0)
            {
                throw new StepFailedException($"link {Link}, {device} is not as asked: {string.Join("; ", wrong)}");
            }

            _known[device] = side with { IsOurs = true, Verb = "change", Table = settings.Table ?? side.Table };
            words.Add($"{device}: {reading.Words(settings.Table is not null)}{Unseeded(settings)}");
            var readable = settings.Table is null || side.State.DelayModel is null ? reading.ToChange() : reading.ToChange() with { Delay = null, Jitter = null, DelayModel = side.State.DelayModel };
            applied = device == _sides.Wan ? applied with { Up = readable } : applied with { Down = readable };
        }

        return applied with { Words = string.Join("; ", words) };
    }

    private static string Cure(string said) =>
        said.Contains("qdisc kind is unknown", StringComparison.Ordinal) ? "; this kernel has no netem (module sch_netem): driver 'nft' works without" : "";

    /// <summary>
    /// The seed of an interface's next change. The kernel begins its draws anew at each change, at random where no seed is named: with one seed for all, both
    /// directions would draw alike, and every change would have the same draws again.
    /// </summary>
    private async Task<ulong?> SeedAsync(string device, CancellationToken cancellationToken)
    {
        if (_seed is null)
        {
            return null;
        }

        // `help` ends tc before it asks the kernel for anything.
        _takesSeed ??= (await _shell.RunAsync(new ShellCommand("tc", "qdisc", "add", "dev", "lo", "root", "netem", "help"), cancellationToken)) is var help
            && (help.Output + help.Error).Contains("seed", StringComparison.Ordinal);
        if (_takesSeed == false)
        {
            return null;
        }

        var number = _changes[device] = _changes.GetValueOrDefault(device) + 1;
        return new SeededRandom(_seed.Value).Split($"{(device == _sides.Wan ? "up" : "down")}/{number}").NextUInt64();
    }

    private string Unseeded(NetemSettings settings) => _seed is not null && settings.Seed is null ? ", draws not seeded: this tc knows no seed" : "";
}

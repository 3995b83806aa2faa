using System.Globalization;
using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>Recovers one host of one run.</summary>
internal sealed class HostRecovery(RestorationJournal journal, string host, IShellSource shells, IReadOnlyList<IUndoer> undoers, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private readonly ChangeLedger _ledger = journal.Ledger;

    /// <summary>Undoes what is left there and proves it.</summary>
    public async Task<RecoveredHost> RunAsync(CancellationToken cancellationToken)
    {
        if (!_ledger.Hosts.TryGetValue(host, out var reach) || reach.Root.Length == 0)
        {
            var result = await HostUndo.RunAsync(host, journal, c => UndoerList.UndoAsync(undoers, c), () => Task.FromResult<string?>(null), time);
            return Told("a host without a guard", result);
        }

        try
        {
            await using var shell = await shells.OpenAsync(host, reach, _ledger.HostsFile, cancellationToken);
            using var channel = new GuardChannel(shell, new GuardScript(reach.Root, _ledger.Run));
            return await GuardedAsync(channel, reach.Root, cancellationToken);
        }
        catch (StepHostException lost)
        {
            return Told("the host could not be asked", new HostRestoration(host, Left(), lost.Message));
        }
    }

    private async Task<RecoveredHost> GuardedAsync(GuardChannel channel, string root, CancellationToken cancellationToken)
    {
        var runs = await StatusAsync(channel, root, cancellationToken);
        var mine = SafeName.Of(_ledger.Run);
        var seen = runs.FirstOrDefault(r => r.Run == mine);
        var renewals = 0;
        while (seen is { IsAlive: true } before)
        {
            // A dead run's lease runs out; only a run at work renews it. Once may be a renewal that was still on its way when the run died.
            await Task.Delay(LookAgain, time, cancellationToken);
            runs = await StatusAsync(channel, root, cancellationToken);
            seen = runs.FirstOrDefault(r => r.Run == mine);
            renewals += seen is { IsAlive: true } && seen.Rest > before.Rest ? 1 : 0;
            if (renewals > 1)
            {
                return Told("the run is at work", new HostRestoration(host, Left(), $"run {_ledger.Run} is at work and renews its lease; end it first"));
            }
        }

        if (runs.FirstOrDefault(r => r.Run != mine && r.IsAlive) is { } other)
        {
            return Told("another run is at work", new HostRestoration(host, Left(), $"run {other.Run} is at work on this host; recover when it has ended"));
        }

        var found = Found(seen);
        await PlantAsync(channel, cancellationToken);
        return Told(found, await HostUndo.RunAsync(host, journal, c => channel.UndoAsync(c, undoers), () => DisarmAsync(channel), time));
    }

    /// <summary>Lays ready what the host may have lost; what it still has, it keeps.</summary>
    private async Task PlantAsync(GuardChannel channel, CancellationToken cancellationToken)
    {
        IEnumerable<ShellCommand> commands = [channel.Script.Put(), .. _ledger.Left.Where(c => c.Intent.Host == host && c.Intent.IsGuarded).Select(channel.Script.Plant)];
        foreach (var command in commands)
        {
            var result = await channel.RunAsync(command, cancellationToken);
            if (!result.IsSuccess)
            {
                throw new StepHostException($"host '{host}' did not take what is needed to undo: {GuardChannel.Said(result)}");
            }
        }
    }

    private static async Task<string?> DisarmAsync(GuardChannel channel)
    {
        var result = await channel.RunAsync(channel.Script.Disarm(), CancellationToken.None);
        return result.IsSuccess ? null : GuardChannel.Said(result);
    }

    private async Task<IReadOnlyList<HostStatus>> StatusAsync(GuardChannel channel, string root, CancellationToken cancellationToken)
    {
        var result = await channel.RunAsync(GuardScript.Status(root), cancellationToken);
        return result.IsSuccess ? HostStatus.Parse(result.Output) : throw new StepHostException($"host '{host}' did not say how it stands: {GuardChannel.Said(result)}");
    }

    private static string Found(HostStatus? seen) => seen switch
    {
        null => "the host knows nothing of the run: it was restarted, or had been put back",
        { State: "restored" } => "the guard had put the host back by itself",
        { State: "left" } => "the guard could not put everything back",
        { State: "undoing" } => "the guard was putting the host back",
        _ => string.Create(CultureInfo.InvariantCulture, $"the lease was over and the guard {(seen.GuardLives ? "about to undo" : "dead")}; {seen.Entries.Count} changes"),
    };

    private List<ChangeState> Left() => [.. _ledger.Left.Where(c => c.Intent.Host == host)];

    private RecoveredHost Told(string found, HostRestoration result) => new(
        _ledger.Lab, _ledger.Run, host, found, [.. result.Changes.Select(RecoveredChange.Of)], result.Fault, result.IsRestored, [.. LeftText.Of(result)]);
}

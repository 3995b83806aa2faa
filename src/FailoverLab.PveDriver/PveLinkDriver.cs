using System.Globalization;
using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Proxmox;
using FailoverLab.Scenarios;

namespace FailoverLab.PveDriver;

/// <summary>
/// The network card of a virtual machine, through the API of Proxmox VE: <c>link_down</c> takes its carrier, <c>rate</c> limits both directions. Only
/// those two keys are ever changed. They stay in the machine's configuration until they are put back, over a reboot too.
/// </summary>
public sealed class PveLinkDriver : ILinkDriver
{
    private const int Attempts = 3;
    private readonly PveClient _client;
    private readonly PveCard _card;
    private readonly string _host;
    private readonly IReadOnlyList<string> _self;
    private readonly TimeProvider _time;

    /// <summary>Makes the driver; nothing is asked.</summary>
    /// <param name="link">The link; its driver is <see cref="LinkDriver.Pve"/>, with machine and card.</param>
    /// <param name="client">The host's client; the driver disposes of it.</param>
    /// <param name="self">This program with the arguments that lead to its verbs; put before the commands that undo.</param>
    /// <param name="hostsFile">The hosts file that names the endpoint, absolute; the commands that undo read it.</param>
    /// <param name="time">Wall clock.</param>
    public PveLinkDriver(LinkPlan link, PveClient client, IReadOnlyList<string> self, string hostsFile, TimeProvider time)
    {
        (Link, _host, _client, _time) = (link.Name, link.Host, client, time);
        _card = new PveCard(client, link.VmId ?? 0, link.Net ?? 0);
        _self = [.. self, "pve", "net", client.Endpoint.Name, _card.Vmid.ToString(CultureInfo.InvariantCulture), _card.Key, "--hosts", hostsFile];
    }

    /// <inheritdoc/>
    public string Link { get; }

    /// <inheritdoc/>
    public string Kind => "pve";

    /// <inheritdoc/>
    public IReadOnlyList<string> CannotDo(LinkChange change) => PveReach.CannotDo(change);

    /// <inheritdoc/>
    public async Task<LinkSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!(await _card.StatusAsync(cancellationToken)).IsRunning)
            {
                throw new StepHostException($"link {Link}: machine {_card.Vmid} of {_client.Endpoint.Name} does not run, so its card carries nothing");
            }

            var (device, _) = await _card.ReadAsync(cancellationToken);
            return new LinkSnapshot
            {
                Link = Link,
                Host = _host,
                Kind = Kind,
                Undo = [new ShellCommand([.. _self, "--set", device.Text])],
                Checks = [new LinkCheck(new ShellCommand([.. _self, "--sorted"]), device.Sorted)],
                Words = $"{_card.Key} of machine {_card.Vmid}: {Words(device)}",
                State = device.Text,
            };
        }
        catch (PveException refusal)
        {
            throw new StepHostException($"link {Link}: {Explained(refusal)}", refusal);
        }
    }

    /// <inheritdoc/>
    public async Task<LinkApplied> ApplyAsync(LinkDirection direction, LinkChange change, CancellationToken cancellationToken)
    {
        if (PveReach.CannotDo(direction, change) is { Count: > 0 } faults)
        {
            throw new StepFailedException($"link {Link}: {string.Join("; ", faults)}");
        }

        return await ChangeAsync(device => With(device, change), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LinkApplied> UndoAsync(LinkSnapshot snapshot, CancellationToken cancellationToken)
    {
        var before = NetDevice.Parse(snapshot.State) ?? throw new StepFailedException($"link {Link}: the snapshot holds no card: {snapshot.Words}");

        // What somebody else changed meanwhile is theirs: ours alone is undone, and the rest is said.
        var applied = await ChangeAsync(device => device.WithOwn(before), cancellationToken);
        var (now, _) = await ReadAsync(cancellationToken);
        return now.DifferencesFrom(before) is { Count: > 0 } others
            ? throw new StepFailedException($"link {Link} is not as it was: {_card.Key} of machine {_card.Vmid} has {string.Join("; ", others.Select(o => o.Replace(" there", " before", StringComparison.Ordinal)))}, which this run did not change")
            : applied with { Words = $"as before: {snapshot.Words}" };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static NetDevice With(NetDevice device, LinkChange change)
    {
        device = change.Carrier is { } carrier ? device.WithLinkDown(!carrier) : device;
        return change.Rate is { } rate ? device.WithRate(rate == LinkChange.Unlimited ? null : NetDevice.RateOf(rate.BitsPerSecond)) : device;
    }

    private static string Words(NetDevice device) =>
        (device.IsLinkDown ? "plug pulled" : "plugged in") + (device.RateBitsPerSecond is { } rate ? $", {new DataRate(rate)}" : ", no rate limit");

    private static string Explained(PveException refusal) => refusal.Hint is { } hint ? $"{refusal.Message} ({hint})" : refusal.Message;

    private async Task<LinkApplied> ChangeAsync(Func<NetDevice, NetDevice> next, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (device, digest) = await ReadAsync(cancellationToken);
            var wanted = next(device);
            var before = Now();
            PveException? lost = null;
            try
            {
                if (wanted.DifferencesFrom(device).Count > 0)
                {
                    await _card.WriteAsync(wanted, digest, cancellationToken);
                }
            }
            catch (PveException race) when (race.Fault == PveFault.Modified && attempt < Attempts)
            {
                continue;
            }
            catch (PveException failure) when (failure.Fault is PveFault.TimedOut or PveFault.Unreachable or PveFault.Proxy)
            {
                // It may have been done all the same: reading back decides.
                lost = failure;
            }
            catch (PveException refusal)
            {
                throw new StepFailedException($"link {Link}: {Explained(refusal)}", refusal);
            }

            var after = Now();
            var (now, _) = await ReadAsync(cancellationToken);
            if (now.DifferencesFrom(wanted) is { Count: > 0 } wrong)
            {
                throw new StepFailedException(
                    $"link {Link}: {_card.Key} of machine {_card.Vmid} is not as asked: {string.Join("; ", wrong.Select(w => w.Replace(" there", " asked", StringComparison.Ordinal)))}"
                    + (lost is null ? "" : $" ({Explained(lost)})"));
            }

            var read = new LinkChange { Carrier = !now.IsLinkDown, Rate = now.RateBitsPerSecond is { } rate ? new DataRate(rate) : LinkChange.Unlimited };
            return new LinkApplied(after, $"{_card.Key} of machine {_card.Vmid}: {Words(now)}") { NotBeforeRealtimeNs = before, Up = read, Down = read };
        }
    }

    private async Task<(NetDevice Device, string Digest)> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _card.ReadAsync(cancellationToken);
        }
        catch (PveException refusal)
        {
            throw new StepFailedException($"link {Link}: {Explained(refusal)}", refusal);
        }
    }

    private long Now() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}

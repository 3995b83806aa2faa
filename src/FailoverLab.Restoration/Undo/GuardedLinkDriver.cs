using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.Restoration;

/// <summary>
/// A link's driver under guard: its first change is preceded by the snapshot, and each change is announced, laid ready to be undone, and read back. The
/// driver itself must have been made with <see cref="LabGuard.Fenced"/> of the same host, or change the link through no shell at all.
/// </summary>
public sealed class GuardedLinkDriver : ILinkDriver
{
    private readonly ILinkDriver _driver;
    private readonly LabRestoration _lab;
    private readonly LabGuard? _guard;
    private ChangeIntent? _intent;

    /// <summary>Puts a driver under guard.</summary>
    /// <param name="driver">The driver; disposed with this.</param>
    /// <param name="lab">The run's restoration.</param>
    /// <param name="guard">The guard of the host that is changed; <see langword="null"/> for a link that no shell changes, which the driver itself undoes at the end or <c>recover</c> later.</param>
    public GuardedLinkDriver(ILinkDriver driver, LabRestoration lab, LabGuard? guard)
    {
        _driver = driver;
        _lab = lab;
        _guard = guard;
        lab.Register(new DriverUndoer(driver));
    }

    /// <inheritdoc/>
    public string Link => _driver.Link;

    /// <inheritdoc/>
    public string Kind => _driver.Kind;

    /// <inheritdoc/>
    public bool TakesOver => _driver.TakesOver;

    /// <inheritdoc/>
    public IReadOnlyList<string> CannotDo(LinkChange change) => _driver.CannotDo(change);

    /// <inheritdoc/>
    public async Task<LinkSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        var snapshot = await _driver.SnapshotAsync(cancellationToken);
        _intent ??= ChangeIntent.Of(snapshot);
        return snapshot;
    }

    /// <inheritdoc/>
    public async Task<LinkApplied> ApplyAsync(LinkDirection direction, LinkChange change, CancellationToken cancellationToken)
    {
        _intent ??= ChangeIntent.Of(await _driver.SnapshotAsync(cancellationToken));
        // What no command can read back, no guard can prove: the driver itself undoes it.
        if (_guard is not null && _intent.IsForGuard)
        {
            return await _guard.ChangeAsync(_intent, () => _driver.ApplyAsync(direction, change, cancellationToken), cancellationToken);
        }

        var id = _lab.Intend(_intent);
        var applied = await _driver.ApplyAsync(direction, change, cancellationToken);
        _lab.Done(id, applied.Words);
        return applied;
    }

    /// <inheritdoc/>
    public async Task<IPreparedLink> PrepareAsync(LinkDirection direction, LinkChange change, long atRealtimeNs, CancellationToken cancellationToken)
    {
        _intent ??= ChangeIntent.Of(await _driver.SnapshotAsync(cancellationToken));
        if (_guard is not null && _intent.IsForGuard)
        {
            return await _guard.PrepareAsync(_intent, () => _driver.PrepareAsync(direction, change, atRealtimeNs, cancellationToken), cancellationToken);
        }

        var id = _lab.Intend(_intent);
        return new AnnouncedLink(await _driver.PrepareAsync(direction, change, atRealtimeNs, cancellationToken), applied =>
        {
            _lab.Done(id, applied.Words);
            return Task.CompletedTask;
        });
    }

    /// <inheritdoc/>
    public Task<LinkApplied> UndoAsync(LinkSnapshot snapshot, CancellationToken cancellationToken) => _driver.UndoAsync(snapshot, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _driver.DisposeAsync();
}

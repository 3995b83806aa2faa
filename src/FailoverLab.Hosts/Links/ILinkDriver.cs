using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>
/// Changes one WAN link where it really is: a queueing discipline, a WANulator, a virtual machine's network card. A change touches only what it
/// names; the rest stays as it was. Not safe for two callers at a time.
/// </summary>
public interface ILinkDriver : IAsyncDisposable
{
    /// <summary>The link's name in the plan.</summary>
    string Link { get; }

    /// <summary>The driver's name in the inventory: <c>netem</c>, <c>nft</c>, <c>wanulator</c>, <c>pve</c>, <c>emulator</c>.</summary>
    string Kind { get; }

    /// <summary>
    /// Whether packets pass through the driver itself. Such a link is taken over when the run is armed, by an empty change, and is from then on what its
    /// profile says; others are left as they are found until the first step.
    /// </summary>
    bool TakesOver => false;

    /// <summary>What of a change this driver cannot do, asked before anything is touched.</summary>
    /// <param name="change">The change.</param>
    /// <returns>One sentence each, with the driver that can; empty when it can do all of it.</returns>
    IReadOnlyList<string> CannotDo(LinkChange change);

    /// <summary>Reads the link's state and how to come back to it; changes nothing. Before the first change of a run.</summary>
    /// <exception cref="StepHostException">The host cannot be reached, or the link is not as it must be to be touched: another's settings that could not be put back.</exception>
    Task<LinkSnapshot> SnapshotAsync(CancellationToken cancellationToken);

    /// <summary>Applies a change and reads back what came of it.</summary>
    /// <param name="direction">Which direction.</param>
    /// <param name="change">The new values; <see langword="null"/> leaves a value as it is.</param>
    /// <param name="cancellationToken">Gives up; the link may then be in either state.</param>
    /// <exception cref="StepFailedException">It was not applied, or what was read back is not what was asked.</exception>
    Task<LinkApplied> ApplyAsync(LinkDirection direction, LinkChange change, CancellationToken cancellationToken);

    /// <summary>
    /// Lays a change ready to be made at an instant, so that nothing is left to do then but the change itself. A driver that cannot is told everything at
    /// the instant. One change at a time: the next is prepared when this one was made or called off.
    /// </summary>
    /// <param name="direction">Which direction.</param>
    /// <param name="change">The new values; <see langword="null"/> leaves a value as it is.</param>
    /// <param name="atRealtimeNs">The instant, reference clock, ns since the Unix epoch; one that has passed is as soon as it can be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepFailedException">It could not be made at all.</exception>
    /// <exception cref="StepHostException">The host cannot be reached, or has put itself back.</exception>
    Task<IPreparedLink> PrepareAsync(LinkDirection direction, LinkChange change, long atRealtimeNs, CancellationToken cancellationToken) =>
        Task.FromResult<IPreparedLink>(new UnpreparedLink(this, direction, change));

    /// <summary>Puts the link back as it was and proves it by reading it.</summary>
    /// <param name="snapshot">Taken earlier, perhaps by a program that has died since.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepFailedException">The link is not as it was; the message tells what differs.</exception>
    Task<LinkApplied> UndoAsync(LinkSnapshot snapshot, CancellationToken cancellationToken);
}

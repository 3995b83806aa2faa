namespace FailoverLab.Hosts;

/// <summary>A shell that can lay a change ready on its host, to be made there at an instant by as little as one program start.</summary>
public interface IPreparingShell : IShell
{
    /// <summary>Whether the way to the host has gates; without, nothing can be laid ready.</summary>
    bool CanPrepare { get; }

    /// <summary>Lays a change ready: when this returns, all of it is on the host and waits there.</summary>
    /// <param name="batches">What is run at the instant, in order, each when the one before ended with status 0; none only takes the stamps.</param>
    /// <param name="environment">Variables added.</param>
    /// <param name="atRealtimeNs">The instant, reference clock, ns since the Unix epoch; one that has passed is as soon as it can be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">The host has put itself back, is full, or cannot be reached.</exception>
    Task<IPreparedAct> PrepareAsync(
        IReadOnlyList<ActBatch> batches, IReadOnlyDictionary<string, string> environment, long atRealtimeNs, CancellationToken cancellationToken);
}

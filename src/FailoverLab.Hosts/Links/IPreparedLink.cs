namespace FailoverLab.Hosts;

/// <summary>A change to a link that lies ready. Disposed of before it was made, it is called off: nothing was touched.</summary>
public interface IPreparedLink : IAsyncDisposable
{
    /// <summary>Called once, at the instant: returns when the change is in effect.</summary>
    /// <returns>When that was by the host's own clock; <see langword="null"/> where the host does not tell.</returns>
    /// <exception cref="StepFailedException">It was not made, or not all of it.</exception>
    /// <exception cref="StepHostException">The host was lost; whether it was made is not known.</exception>
    Task<LinkAct?> ActAsync();

    /// <summary>Reads back what came of it.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepFailedException">What was read back is not what was asked.</exception>
    Task<LinkApplied> FinishAsync(CancellationToken cancellationToken);
}

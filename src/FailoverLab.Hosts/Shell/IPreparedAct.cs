namespace FailoverLab.Hosts;

/// <summary>What lies ready on a host. Disposed of before its instant, it is called off.</summary>
public interface IPreparedAct : IAsyncDisposable
{
    /// <summary>Called once, at the instant: returns when the host has made the change.</summary>
    /// <exception cref="StepHostException">The host has put itself back, so nothing was done; or it was lost, and whether it was done is not known.</exception>
    Task<ActResult> ActAsync();
}

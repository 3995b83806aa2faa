namespace FailoverLab.Hosts;

/// <summary>A program at a gate. Disposed of before the gate opens, it is called off.</summary>
public interface IGatedProgram : IAsyncDisposable
{
    /// <summary>Called once, at the instant: returns when the gate has opened and the program has ended.</summary>
    /// <exception cref="StepHostException">The host was lost; whether it acted is not known.</exception>
    Task<GatedEnd> EndAsync();
}

namespace FailoverLab.Hosts;

/// <summary>A shell that can put a program at a gate on its host, which opens at an instant without the way to the host having a part in it.</summary>
public interface IGateShell : IShell
{
    /// <summary>
    /// Starts a program now that is to act at an instant. Its standard input gives it one line then, and ends without one when it is called off or the
    /// host has lost whoever started it.
    /// </summary>
    /// <param name="command">The program; its own input is not given. Its timeout counts from the opening.</param>
    /// <param name="atRealtimeNs">The instant, reference clock, ns since the Unix epoch; one that has passed opens at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">The host cannot be reached any more.</exception>
    Task<IGatedProgram> GateAsync(ShellCommand command, long atRealtimeNs, CancellationToken cancellationToken);
}

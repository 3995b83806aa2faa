namespace FailoverLab.Hosts;

/// <summary>A host whose clock can be asked.</summary>
public interface IClockExchange
{
    /// <summary>Steps in which the host can read its clock, ns: a stamp may be that much too early, never too late.</summary>
    long ResolutionNs { get; }

    /// <summary>In turn with whom it is asked; <see langword="null"/> when nobody else is.</summary>
    ClockTurns? Turns => null;

    /// <summary>
    /// Asks once. What awaits this may go on upon the thread that heard the answer, so that the next question leaves without waking another: it must not block there.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">The host is lost.</exception>
    Task<ClockSample> ExchangeAsync(CancellationToken cancellationToken);
}

namespace FailoverLab.Hosts;

/// <summary>A host whose clock can be asked.</summary>
public interface IClockExchange
{
    /// <summary>Steps in which the host can read its clock, ns: a stamp may be that much too early, never too late.</summary>
    long ResolutionNs { get; }

    /// <summary>Asks once.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">The host is lost.</exception>
    Task<ClockSample> ExchangeAsync(CancellationToken cancellationToken);
}
